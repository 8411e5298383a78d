using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;

namespace NotebookPersist.HostTests.Jupyter;

/// <summary>A notebook in Jupyter's classic page, in a browser without a window.</summary>
internal sealed class NotebookPage : IAsyncDisposable
{
    /// <summary>Debian's browser: nothing is downloaded.</summary>
    public const string Browser = "/usr/bin/chromium";

    /// <summary>Jupyter's server with the classic page.</summary>
    public const string Server = "/usr/bin/jupyter-notebook";

    private const string Token = "token-of-the-test";
    private const float Patience = 60_000;

    private readonly Process _server;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private NotebookPage(Process server, IPlaywright playwright, IBrowser browser, IPage page)
    {
        _server = server;
        _playwright = playwright;
        _browser = browser;
        Page = page;
        Page.PageError += (_, error) => Faults.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts in the page.</summary>
    public List<string> Faults { get; } = [];

    public ILocator Cells => Page.Locator("#notebook-container .cell");

    /// <summary>Starts a server in the folder of the clients and opens a notebook of it.</summary>
    public static async Task<NotebookPage> OpenAsync(JupyterClients clients, string notebook)
    {
        int port = FreePort();
        Process server = clients.Start(
            [Server, "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--NotebookApp.port_retries=0", $"--NotebookApp.token={Token}", $"--notebook-dir={clients.Folder}"]);
        // Nobody reads what it says, but it must not wait for a reader.
        server.OutputDataReceived += static (_, _) => { };
        server.ErrorDataReceived += static (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Browser,
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
        });
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1100, Height = 900 } });
        page.SetDefaultTimeout(Patience);
        var opened = new NotebookPage(server, playwright, browser, page);
        await WaitForServerAsync(port);
        await page.GotoAsync($"http://127.0.0.1:{port}/notebooks/{notebook}?token={Token}");
        await opened.WaitForKernelAsync();
        return opened;
    }

    /// <summary>Waits until the page has a kernel that answers.</summary>
    public Task WaitForKernelAsync() => Page.WaitForFunctionAsync(
        "() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && Jupyter.notebook.kernel.info_reply.status === 'ok'");

    /// <summary>Puts text into a cell as a keyboard does.</summary>
    public async Task TypeAsync(int cell, string text)
    {
        await Cells.Nth(cell).Locator(".CodeMirror").ClickAsync();
        await Page.Keyboard.PressAsync("Control+a");
        await Page.Keyboard.PressAsync("Delete");
        await Page.Keyboard.TypeAsync(text);
    }

    /// <summary>Types a cell and runs it; the page goes on to the next.</summary>
    public async Task RunAsync(int cell, string text)
    {
        await TypeAsync(cell, text);
        await Page.Keyboard.PressAsync("Shift+Enter");
    }

    /// <summary>Waits for something in what a cell shows.</summary>
    /// <param name="cell">The cell's place.</param>
    /// <param name="selector">The part of the output.</param>
    /// <param name="text">What it is to contain.</param>
    public async Task WaitForOutputAsync(int cell, string selector, string text)
    {
        try
        {
            await Cells.Nth(cell).Locator($".output_area {selector}", new LocatorLocatorOptions { HasText = text }).First.WaitForAsync();
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"Cell {cell} does not show '{text}' in '{selector}'. The page: {await Page.Locator("#notebook-container").InnerTextAsync()}", fault);
        }
    }

    public Task ClickAsync(string action) => Page.Locator($"#maintoolbar button[data-jupyter-action='jupyter-notebook:{action}']").ClickAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitForServerAsync(int port)
    {
        using var http = new HttpClient();
        var elapsed = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/api"));
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (elapsed.Elapsed < TimeSpan.FromSeconds(60))
            {
                // It is still starting.
            }

            await Task.Delay(100);
        }
    }
}
