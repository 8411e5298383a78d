using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NotebookPersist.Formats.Files;
using NotebookPersist.SaveLoop;

// SaveLoop FOLDER FIRST_STEP MODE           saves a model over and over until it is killed
// SaveLoop FOLDER FIRST_STEP MODE N         saves twice, and kills itself before the N-th call of the third save that changes the disk
// SaveLoop FOLDER FIRST_STEP MODE once      saves once and says how that went
// SaveLoop FOLDER FIRST_STEP MODE many      saves 40 times and says of each how it went
// SaveLoop FOLDER FIRST_STEP MODE vanish    saves again and again while the folder goes away before one call after another, and says of each how it went
// SaveLoop FOLDER FIRST_STEP MODE nobody    the same as a user who owns nothing
string folder = args[0];
int step = int.Parse(args[1], CultureInfo.InvariantCulture);
string? last = args.Length > 3 ? args[3] : null;
using var saved = new SavedSteps(folder, args[2]);
if (last is "once" or "nobody")
    return SaveOnce();
if (last is "many")
{
    for (int i = 0; i < 40; i++)
        _ = SaveOnce();
    return 0;
}

if (last is "vanish")
{
    bool vanished = true;
    for (int call = 1; vanished; call++)
    {
        Directory.CreateDirectory(folder);
        int calls = 0;
        Disk.Before = (_, path) =>
        {
            if (path.StartsWith(folder, StringComparison.Ordinal) && Interlocked.Increment(ref calls) == call)
                TakeAway();
        };
        _ = SaveOnce();
        Disk.Before = null;
        vanished = calls >= call;
    }

    return 0;
}

if (last is not null)
    return DieAt(int.Parse(last, CultureInfo.InvariantCulture));
Console.WriteLine("ready");
while (true)
    saved.Save(step++);

// Shards are written side by side: a file that another thread adds while its folder is emptied is taken away as well.
void TakeAway()
{
    while (Directory.Exists(folder))
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            Thread.Yield();
        }
    }
}

int DieAt(int call)
{
    for (int i = 0; i < 2; i++)
        SaveAndWait();
    int calls = 0;
    Disk.Before = (_, path) =>
    {
        if (path.StartsWith(folder, StringComparison.Ordinal) && Interlocked.Increment(ref calls) == call)
            Process.GetCurrentProcess().Kill();
    };
    SaveAndWait();
    Console.WriteLine("survived");
    return 0;
}

void SaveAndWait()
{
    saved.Save(step++);
    saved.Wait();
}

int SaveOnce()
{
    const uint nobody = 65534;
    if (last == "nobody" && SetUser(nobody) != 0)
        return 3;
    try
    {
        SaveAndWait();
        Console.WriteLine("saved");
        return 0;
    }
    catch (Exception fault)
    {
        Console.WriteLine($"{fault.GetType().Name}: {fault.Message}");
        return 1;
    }
}

// Of the C library, which tells all threads of the process.
[DllImport("libc", EntryPoint = "setuid")]
[DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
static extern int SetUser(uint user);
