using Decant.Export.Adapters;
using Decant.Export.Tables;
using Decant.Export.Tensors;
using Decant.Torch;

namespace Decant.Export.Loading;

/// <summary>
/// The weights in a file or a folder, in any format: safetensors or PyTorch's (zip and the one before), whole or in shards with an index. Nothing is read but
/// names and shapes until a tensor is requested; nothing in such files is run.
/// </summary>
internal sealed class Weights : IDisposable
{
    private readonly IReadOnlyDictionary<string, IWeightSource> _owners;
    private readonly IReadOnlyList<IWeightSource> _sources;

    private Weights(string path, IReadOnlyList<IWeightSource> sources, IReadOnlyDictionary<string, IWeightSource> owners)
    {
        (Path, _sources, _owners) = (path, sources, owners);
        Tensors = owners.ToDictionary(o => o.Key, o => o.Value.Tensors[o.Key], StringComparer.Ordinal);
    }

    /// <summary>The path that was given: a file or a folder.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The files that hold them.</summary>
    public IReadOnlyList<string> Files => [.. _sources.Select(s => s.Path)];

    /// <summary>The format's name, for people.</summary>
    public string Format => _sources[0].Format;

    /// <summary>What was chosen in reading, in sentences: the dictionary of a checkpoint that the weights were taken from.</summary>
    public IReadOnlyList<string> Remarks => [.. _sources.SelectMany(s => s.Remarks)];

    /// <summary>Opens weights.</summary>
    /// <param name="path">
    /// A file of tensors; an index of shards (<c>….index.json</c>); or a folder with, in this order, <c>model.safetensors</c>, its index, <c>pytorch_model.bin</c>, or its
    /// index; or one with an adapter in PEFT's layout, which is merged with the model that it is for.
    /// </param>
    /// <exception cref="DecantException">Something is missing, damaged, refused, or stands in for the file (a Git LFS pointer, a web page): the message names it.</exception>
    public static Weights Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (AdapterConfig.IsIn(path) && !WeightFiles.IsIn(path))
            return OpenAdapter(path);
        var file = WeightFiles.Find(path);
        if (WeightFiles.IsIndex(file))
            return OpenShards(path, ShardIndex.Read(file));
        var source = TableSource.Of(WeightFormat.Open(file));
        return new Weights(path, [source], source.Tensors.Keys.ToDictionary(n => n, _ => source, StringComparer.Ordinal));
    }

    /// <summary>The files that the weights of a file or folder consist of: an index of shards too.</summary>
    /// <exception cref="DecantException">There are none, or the index is damaged.</exception>
    public static IReadOnlyList<string> FilesOf(string path) => WeightFiles.All(path);

    /// <summary>Whether a folder has weights, in any format.</summary>
    internal static bool AreIn(string folder) => WeightFiles.IsIn(folder) || AdapterConfig.IsIn(folder);

    /// <summary>A tensor as it lies in its file: a view where that is possible, valid while this is open.</summary>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public Tensor View(string name) => _owners.TryGetValue(name, out var source)
        ? source.View(name)
        : throw new DecantException($"{Path} has no tensor '{name}'; 'decant inspect' lists what it has.");

    /// <summary>All tensors by name, as <see cref="View"/> gives them.</summary>
    public IReadOnlyDictionary<string, Tensor> ViewAll() => Tensors.Keys.ToDictionary(name => name, View, StringComparer.Ordinal);

    /// <summary>
    /// Copies the weights into a model, converted to its dtype and device. Names are matched by a rule that is computed from both sides and given in the result: what
    /// wraps all names in the file (<c>module.</c>) is taken off; the base's prefix (<c>bert.</c>, <c>model.</c>, <c>transformer.</c>) is taken off or put on; gamma and beta
    /// of norms are weight and bias; of tied weights one is enough; buffers that are computed from the settings may be there or not.
    /// </summary>
    /// <param name="module">The model.</param>
    /// <param name="newHead">Whether a head that the file lacks, or has for another task, keeps the values that the model was drawn with. False: that is a fault.</param>
    /// <exception cref="DecantException">Weights that are missing, unexpected, or of another shape or type: all of them at once. Nothing was copied.</exception>
    public LoadedWeights LoadInto(Decant.Modules.Module module, bool newHead = false)
    {
        ArgumentNullException.ThrowIfNull(module);
        return WeightLoading.Load(this, module, newHead);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var source in _sources)
            source.Dispose();
    }

    private static Weights OpenAdapter(string path)
    {
        var source = new AdaptedSource(path);
        return new Weights(path, [source], source.Tensors.Keys.ToDictionary(n => n, _ => (IWeightSource)source, StringComparer.Ordinal));
    }

    private static Weights OpenShards(string path, ShardIndex index)
    {
        index.CheckFiles();
        var sources = new List<IWeightSource>();
        try
        {
            foreach (var file in index.Files)
                sources.Add(WeightFormat.Open(file));
            return new Weights(path, sources, index.Owners(sources));
        }
        catch
        {
            foreach (var source in sources)
                source.Dispose();
            throw;
        }
    }
}
