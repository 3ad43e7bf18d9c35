using Decant.Export.Tensors;
using Decant.Torch;

namespace Decant.Export.PyTorch;

/// <summary>
/// A file that PyTorch's <c>torch.save</c> wrote (.bin, .pt, .pth, .th, .ckpt; both formats), mapped into memory. Its pickle is read by a reader of tensors, numbers,
/// text and containers that runs nothing and refuses everything else by its name.
/// </summary>
/// <remarks>No more memory is taken than a multiple of what the file's pickle has bytes; tensors are views of the file.</remarks>
internal sealed class PyTorchFile : IWeightSource
{
    private readonly MappedFile _file;
    private readonly StateDictSearch.Found _found;
    private readonly Dictionary<PickleStorage, Tensor> _copies = new(ReferenceEqualityComparer.Instance);

    private PyTorchFile(MappedFile file, bool isArchive, StateDictSearch.Found found)
    {
        (_file, _found, IsArchive) = (file, found, isArchive);
        Entries = found.Tensors.ToDictionary(
            t => t.Key, t => new StoredTensor(t.Key, t.Value.Type, t.Value.Sizes, t.Value.ByteCount, file.Path), StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Whether it is in the zip format that PyTorch writes since version 1.6.</summary>
    public bool IsArchive { get; }

    /// <summary>The weights by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Entries { get; }

    /// <summary>Where in the file's dictionaries the weights were found, like <c>state_dict</c>; empty: at the top.</summary>
    public string Section => _found.Section;

    /// <summary>The names of what else is in those dictionaries, like <c>epoch</c>: it was not read as weights.</summary>
    public IReadOnlyList<string> Others => _found.Others;

    string IWeightSource.Format => IsArchive ? "PyTorch" : "PyTorch, the format before 1.6";

    IReadOnlyDictionary<string, StoredTensor> IWeightSource.Tensors => Entries;

    IReadOnlyList<string> IWeightSource.Remarks => Section.Length == 0 ? [] :
    [
        $"the weights are the file's '{Section}'" + (Others.Count == 0 ? "" : $"; beside them: {string.Join(", ", Others.Take(8))}{(Others.Count > 8 ? ", …" : "")}"),
    ];

    /// <summary>Opens a file and checks that every tensor lies in it.</summary>
    /// <exception cref="DecantException">The file is not there, is damaged, holds no named tensors, or wants something else than tensors, numbers, text and containers:
    /// the message names it.</exception>
    public static PyTorchFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        MappedFile? file = null;
        try
        {
            file = MappedFile.Open(path);
            var head = new byte[(int)Math.Min(file.Length, TorchLegacy.HeadLength)];
            file.Read(0, head);
            var isLegacy = TorchLegacy.Begins(head);
            var opened = new PyTorchFile(file, !isLegacy, StateDictSearch.In(isLegacy ? TorchLegacy.Read(file) : TorchArchive.Read(file)));
            file = null;
            return opened;
        }
        catch (PickleRefusedException refused)
        {
            throw new DecantException(
                $"{path} asks for {refused.Message}, which is refused: a pickle can run any program, so nothing but tensors, numbers, text and containers is read. " +
                "If you trust the file, load it in Python and save the weights alone: torch.save(model.state_dict(), path), or safetensors.", inner: refused);
        }
        catch (FormatException error)
        {
            throw new DecantException($"{path} is not read as a PyTorch file: {error.Message}. If it should be whole, download or save it again.", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>
    /// A tensor with its shape and strides, in the mapped file where that aligns it to its element size, else in a copy that all tensors of one storage share. Writing
    /// to it does not change the file, but is seen by other views.
    /// </summary>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public Tensor View(string name)
    {
        if (!_found.Tensors.TryGetValue(name, out var tensor))
            throw new DecantException($"{Path} has no tensor '{name}'; 'decant inspect' lists what it has.");
        if (tensor.IsEmpty)
            return Tensor.Empty(tensor.Sizes, tensor.Type);
        var (place, size) = (tensor.Storage.Place, tensor.Type.Size());
        if (place % size != 0)
            return Copy(tensor).AsStrided(tensor.Sizes, tensor.Strides, tensor.First);
        using var scope = TensorScope.Open();
        var span = Tensor.ViewOf(_file.Memory, place + (tensor.First * size), tensor.Type, tensor.Span);
        return scope.Keep(span.AsStrided(tensor.Sizes, tensor.Strides));
    }

    /// <summary>Closes the file. Views that still live keep their memory.</summary>
    public void Dispose()
    {
        foreach (var copy in _copies.Values)
            copy.Dispose();
        _copies.Clear();
        _file.Dispose();
    }

    // The old format puts storages wherever the one before ended.
    private Tensor Copy(PickleTensor tensor)
    {
        if (_copies.TryGetValue(tensor.Storage, out var copy))
            return copy;
        using var scope = TensorScope.Open();
        var elements = (long)tensor.Storage.ByteCount / tensor.Type.Size();
        var bytes = Tensor.ViewOf(_file.Memory, tensor.Storage.Place, DType.UInt8, elements * tensor.Type.Size());
        copy = TensorScope.Own(bytes.Clone().Reinterpret(tensor.Type));
        _copies.Add(tensor.Storage, copy);
        return copy;
    }
}
