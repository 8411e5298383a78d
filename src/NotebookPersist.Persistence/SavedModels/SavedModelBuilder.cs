using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Writes a SavedModel: meta graphs for several purposes over one set of variables and assets.</summary>
/// <remarks>
/// Everything is written to a folder beside, <c>NAME.tempstateRANDOM</c>, which <see cref="Save"/> renames when it is complete: no reader ever
/// sees half a model. Disposing without a save removes it. Thread safety: one thread at a time.
/// Source: TensorFlow 1.15's <c>tf.saved_model.Builder</c>; files, collections and nodes are its.
/// </remarks>
public sealed class SavedModelBuilder : IDisposable
{
    internal const string MainOpCollection = "saved_model_main_op";
    internal const string LegacyInitOpCollection = "legacy_init_op";

    private const long SchemaVersion = 1;

    private readonly string _folder;
    private AtomicFolder? _staging;
    private readonly SavedModelAssets _assets = new();
    private readonly Protos.SavedModel _model = new() { SavedModelSchemaVersion = SchemaVersion };
    private bool _hasVariables;
    private bool _isFinished;

    /// <summary>Starts a SavedModel; nothing is written yet.</summary>
    /// <param name="exportDir">The folder to make; one that is there must be empty.</param>
    /// <exception cref="IOException">The folder holds something, or a file has its name.</exception>
    public SavedModelBuilder(string exportDir)
    {
        ArgumentException.ThrowIfNullOrEmpty(exportDir);
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(exportDir));
        RequireFree();
        ExportDir = exportDir;
    }

    /// <summary>The folder that will hold the model.</summary>
    public string ExportDir { get; }

    /// <summary>Adds the first meta graph and writes the variables' values and the assets.</summary>
    /// <param name="session">Its graph is added; it holds the values.</param>
    /// <param name="tags">What the meta graph is for; see <see cref="SavedModelTags"/>.</param>
    /// <param name="signatureDefMap">Inputs and outputs by purpose; see <see cref="SignatureDefs"/>.</param>
    /// <param name="assetsCollection">String constants that hold paths of files to carry along.</param>
    /// <param name="mainOp">Operation to run after loading, named by a collection as TensorFlow 1 does.</param>
    /// <param name="initOp">Operation to run after loading, named by a signature as later releases do.</param>
    /// <param name="clearDevices">True to leave out which devices nodes ask for.</param>
    /// <param name="stripDefaultAttrs">True to leave out attributes at their defaults, so that older readers can follow.</param>
    /// <param name="saver">The saver to store; by default a new one of all global variables.</param>
    /// <param name="cancellation">Stops the writing of the variables.</param>
    /// <exception cref="InvalidOperationException">The variables were written already.</exception>
    /// <exception cref="ArgumentException">A signature or an asset is not well formed.</exception>
    /// <exception cref="RunException">A variable has no value.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void AddMetaGraphAndVariables(
        Session session,
        IEnumerable<string> tags,
        IReadOnlyDictionary<string, SignatureDef>? signatureDefMap = null,
        IEnumerable<Output>? assetsCollection = null,
        Operation? mainOp = null,
        Operation? initOp = null,
        bool clearDevices = false,
        bool stripDefaultAttrs = false,
        Saver? saver = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        RequireOpen();
        if (_hasVariables)
            throw new InvalidOperationException("Graph state including variables and assets has already been saved. Invoke 'AddMetaGraph' instead.");
        Saver? chosen = saver ?? SaverOf(session.Graph);
        MetaGraphDef metaGraph = Describe(session.Graph, tags, signatureDefMap, assetsCollection, mainOp, initOp, clearDevices, stripDefaultAttrs, chosen);
        try
        {
            _staging = AtomicFolder.Create(_folder, cancellation);
            string prefix = Path.Combine(_staging.AddFolder(SavedModel.VariablesFolder), SavedModel.VariablesFile);
            chosen?.Save(session, prefix, writeMetaGraph: false, writeState: false, cancellation: cancellation);
            _assets.CopyTo(_staging);
        }
        catch (Exception failed)
        {
            _staging?.Dispose();
            if (failed is UnauthorizedAccessException)
                throw new IOException($"Cannot write SavedModel '{ExportDir}': {failed.Message} Choose a folder that may be written to.", failed);
            throw;
        }

        _model.MetaGraphs.Add(metaGraph);
        _hasVariables = true;
    }

    /// <summary>Adds another meta graph over the same variables.</summary>
    /// <param name="tags">What the meta graph is for; see <see cref="SavedModelTags"/>.</param>
    /// <param name="signatureDefMap">Inputs and outputs by purpose; see <see cref="SignatureDefs"/>.</param>
    /// <param name="assetsCollection">String constants that hold paths of files to carry along.</param>
    /// <param name="mainOp">Operation to run after loading, named by a collection as TensorFlow 1 does.</param>
    /// <param name="initOp">Operation to run after loading, named by a signature as later releases do.</param>
    /// <param name="clearDevices">True to leave out which devices nodes ask for.</param>
    /// <param name="stripDefaultAttrs">True to leave out attributes at their defaults, so that older readers can follow.</param>
    /// <param name="saver">The saver to store; by default a new one of all global variables.</param>
    /// <param name="graph">The graph; by default the saver's, or the default one.</param>
    /// <exception cref="InvalidOperationException">The variables were not written yet.</exception>
    /// <exception cref="ArgumentException">A signature or an asset is not well formed.</exception>
    /// <exception cref="IOException">An asset cannot be copied.</exception>
    public void AddMetaGraph(
        IEnumerable<string> tags,
        IReadOnlyDictionary<string, SignatureDef>? signatureDefMap = null,
        IEnumerable<Output>? assetsCollection = null,
        Operation? mainOp = null,
        Operation? initOp = null,
        bool clearDevices = false,
        bool stripDefaultAttrs = false,
        Saver? saver = null,
        Graph? graph = null)
    {
        RequireOpen();
        if (_staging is null || !_hasVariables)
            throw new InvalidOperationException("Graph state including variables and assets has not been saved yet. Invoke 'AddMetaGraphAndVariables' first.");
        Graph described = graph ?? saver?.Graph ?? Graph.Default;
        MetaGraphDef metaGraph = Describe(described, tags, signatureDefMap, assetsCollection, mainOp, initOp, clearDevices, stripDefaultAttrs, saver ?? SaverOf(described));
        _assets.CopyTo(_staging);
        _model.MetaGraphs.Add(metaGraph);
    }

    /// <summary>Completes the model and makes it appear under its name.</summary>
    /// <param name="asText">True for protobuf's text form, for people; TensorFlow reads both.</param>
    /// <returns>Path of the file that describes the model.</returns>
    /// <exception cref="InvalidOperationException">There is no meta graph, or the model was saved already.</exception>
    /// <exception cref="GraphException">The model's description is larger than 2 GiB.</exception>
    /// <exception cref="IOException">A file cannot be written, or the folder was filled meanwhile; there is no half model.</exception>
    public string Save(bool asText = false)
    {
        RequireOpen();
        if (_staging is null || !_hasVariables)
            throw new InvalidOperationException("The SavedModel has no meta graph yet. Invoke 'AddMetaGraphAndVariables' first.");
        long byteCount = _model.MetaGraphs.Sum(static m => (long)m.CalculateSize());
        if (byteCount > int.MaxValue)
            throw new GraphException($"A SavedModel's description cannot be larger than 2 GiB: this one takes {byteCount} bytes. Keep large values in variables, or save fewer meta graphs.");
        string name = asText ? SavedModel.TextFileName : SavedModel.FileName;
        try
        {
            MessageFile.Write(Path.Combine(_staging.TemporaryPath, name), _model, asText);
            RequireFree();
            _staging.Commit();
        }
        catch (UnauthorizedAccessException failed)
        {
            throw new IOException($"Cannot write SavedModel '{ExportDir}': {failed.Message} Choose a folder that may be written to.", failed);
        }

        _isFinished = true;
        return Path.Combine(ExportDir, name);
    }

    /// <summary>Removes what was written of a model that was not saved.</summary>
    public void Dispose()
    {
        if (_isFinished)
            return;
        _isFinished = true;
        _staging?.Dispose();
    }

    // Those that are built for a SavedModel have one file a device, and no variables are no fault.
    private static Saver? SaverOf(Graph graph)
    {
        IReadOnlyList<Variable> variables = graph.GetCollection<Variable>(GraphKeys.GlobalVariables);
        return variables.Count > 0 ? new Saver(variables, graph: graph) : null;
    }

    private MetaGraphDef Describe(
        Graph graph,
        IEnumerable<string> tags,
        IReadOnlyDictionary<string, SignatureDef>? signatures,
        IEnumerable<Output>? assets,
        Operation? mainOp,
        Operation? initOp,
        bool clearDevices,
        bool stripDefaultAttrs,
        Saver? saver)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (saver is not null && saver.Graph != graph)
            throw new ArgumentException("The saver's nodes are in another graph than the one to save. Make the saver over the same graph.", nameof(saver));
        MetaGraphDef metaGraph = MetaGraphs.Export(graph, saver?.Definition, clearDevices: clearDevices, stripDefaultAttrs: stripDefaultAttrs);
        GraphFreezer.RequireStorable(metaGraph.GraphDef);
        metaGraph.MetaInfoDef.Tags.AddRange(tags.Distinct(StringComparer.Ordinal));
        foreach ((string key, SignatureDef signature) in signatures ?? new Dictionary<string, SignatureDef>())
        {
            RequireWellFormed(graph, key, signature);
            metaGraph.SignatureDef.Add(key, signature.Clone());
        }

        if (initOp is not null)
            metaGraph.SignatureDef.Add(SignatureNames.Initializer, SignatureDefs.OfOperation(SignatureNames.Initializer, Own(graph, initOp)));
        if (mainOp is not null)
            AddMainOp(metaGraph, Own(graph, mainOp));
        _assets.Describe(metaGraph, assets ?? []);
        return metaGraph;
    }

    private static void AddMainOp(MetaGraphDef metaGraph, Operation mainOp)
    {
        foreach (string key in new[] { MainOpCollection, LegacyInitOpCollection })
        {
            if (metaGraph.CollectionDef.ContainsKey(key))
                throw new ArgumentException($"Graph already contains one or more main ops under the collection {key}.", nameof(mainOp));
        }

        var collection = new CollectionDef { NodeList = new() };
        collection.NodeList.Value.Add(mainOp.Name);
        metaGraph.CollectionDef.Add(MainOpCollection, collection);
    }

    private static Operation Own(Graph graph, Operation operation) => operation.Graph == graph
        ? operation
        : throw new ArgumentException($"Operation '{operation.Name}' is of another graph than the one to save.", nameof(operation));

    private static void RequireWellFormed(Graph graph, string key, SignatureDef signature)
    {
        if (key is SignatureNames.Initializer or SignatureNames.Train)
            throw new ArgumentException($"The signature name '{key}' is reserved for operations. Use a different one.", nameof(signature));
        foreach ((string name, TensorInfo tensor) in signature.Inputs.Concat(signature.Outputs))
            RequireWellFormed(graph, $"'{name}' of signature '{key}'", tensor);
    }

    private static void RequireWellFormed(Graph graph, string what, TensorInfo tensor)
    {
        switch (tensor.EncodingCase)
        {
            case TensorInfo.EncodingOneofCase.None:
                throw new ArgumentException($"Tensor {what} names no tensor. Describe it with 'SignatureDefs.BuildTensorInfo'.", nameof(tensor));
            case TensorInfo.EncodingOneofCase.CompositeTensor:
                foreach (TensorInfo component in tensor.CompositeTensor.Components)
                    RequireWellFormed(graph, what, component);
                return;
            case TensorInfo.EncodingOneofCase.CooSparse:
                RequireTensor(graph, what, tensor.CooSparse.ValuesTensorName);
                RequireTensor(graph, what, tensor.CooSparse.IndicesTensorName);
                RequireTensor(graph, what, tensor.CooSparse.DenseShapeTensorName);
                break;
            default:
                RequireTensor(graph, what, tensor.Name);
                break;
        }

        if (tensor.Dtype == DataType.DtInvalid)
            throw new ArgumentException($"Tensor {what} has no type. Describe it with 'SignatureDefs.BuildTensorInfo'.", nameof(tensor));
    }

    private static void RequireTensor(Graph graph, string what, string name)
    {
        try
        {
            graph.GetTensorByName(name);
        }
        catch (Exception missing) when (missing is KeyNotFoundException or ArgumentException)
        {
            throw new ArgumentException($"Tensor {what} is '{name}', which is not in the graph to save: {missing.Message}", nameof(name), missing);
        }
    }

    private void RequireOpen() => ObjectDisposedException.ThrowIf(_isFinished, this);

    private void RequireFree()
    {
        if (File.Exists(_folder))
            throw new IOException($"Cannot write a SavedModel to '{_folder}': a file has that name. Choose a different export directory.");
        if (Directory.Exists(_folder) && Directory.EnumerateFileSystemEntries(_folder).Any())
        {
            throw new IOException(
                $"Export directory already exists, and isn't empty. Choose a different export directory, or delete all the contents of the specified directory: '{_folder}'.");
        }
    }
}
