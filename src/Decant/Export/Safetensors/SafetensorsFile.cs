using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Decant.Export.Tensors;
using Decant.Files;
using Decant.Torch;

namespace Decant.Export.Safetensors;

/// <summary>A safetensors file, mapped into memory: its header is checked as a whole, its tensors are read when asked for.</summary>
/// <remarks>Nothing in such a file can run code, and no more memory is taken than the file has bytes.</remarks>
internal sealed class SafetensorsFile : IWeightSource
{
    // The reference implementation's limit.
    private const long MaxHeader = 100_000_000;
    private const int LengthBytes = 8;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _memory;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, StoredTensor> _tensors;

    private SafetensorsFile(string path, MemoryMappedFile file, MemoryMappedViewAccessor memory, SafetensorsHeader header) =>
        (Path, _file, _memory, _header, _tensors) = (path, file, memory, header, header.Entries.ToDictionary(
            e => e.Key, e => new StoredTensor(e.Key, e.Value.DType, e.Value.Shape, e.Value.ByteCount, path), StringComparer.Ordinal));

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _header.Entries;

    /// <summary>What the file says of itself, like <c>format: pt</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    string IWeightSource.Format => "safetensors";

    IReadOnlyDictionary<string, StoredTensor> IWeightSource.Tensors => _tensors;

    IReadOnlyList<string> IWeightSource.Remarks => [];

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="DecantException">The file is not there, cannot be read, or is not what the format demands: the message names the file and the
    /// fault.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = RegularFile.Open(path);
            var header = ReadHeader(stream);
            return Map(path, stream, header);
        }
        catch (FormatException error)
        {
            throw new DecantException($"{path} is no whole safetensors file: {error.Message}. Download or export it again.", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }
    }

    /// <summary>
    /// A tensor that lies in the mapped file: nothing is copied, and the file stays mapped while it lives. Writing to it does not change the file.
    /// </summary>
    /// <remarks>Copied after all when the file does not align it to its element size.</remarks>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public Tensor View(string name)
    {
        var entry = Find(name);
        return entry.ByteCount == 0 || entry.Offset % entry.DType.Size() != 0
            ? Read(name)
            : Tensor.ViewOf(_memory.SafeMemoryMappedViewHandle, entry.Offset, entry.DType, [.. entry.Shape]);
    }

    /// <summary>A copy of a tensor.</summary>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public Tensor Read(string name)
    {
        var entry = Find(name);
        if (entry.ByteCount == 0)
            return Tensor.Empty([.. entry.Shape], entry.DType);
        using var scope = TensorScope.Open();
        var bytes = Tensor.ViewOf(_memory.SafeMemoryMappedViewHandle, entry.Offset, DType.UInt8, entry.ByteCount);
        return scope.Keep(bytes.Clone().Reinterpret(entry.DType).Reshape([.. entry.Shape]));
    }

    /// <summary>All tensors by name, as <see cref="View"/> gives them: for <see cref="Decant.Modules.Module.LoadStateDict"/>.</summary>
    public IReadOnlyDictionary<string, Tensor> ViewAll() => Entries.Keys.ToDictionary(name => name, View, StringComparer.Ordinal);

    /// <summary>Closes the file. Views that still live keep their memory mapped.</summary>
    public void Dispose()
    {
        _memory.Dispose();
        _file.Dispose();
    }

    private static SafetensorsHeader ReadHeader(FileStream stream)
    {
        var prefix = new byte[LengthBytes];
        if (stream.Length < LengthBytes)
            throw new FormatException($"it has {stream.Length} bytes; its first {LengthBytes} should give the length of its header");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(stream.Length - LengthBytes))
            throw new FormatException($"its header is said to have {length} bytes, but the file has {stream.Length} in all");
        if (length > MaxHeader)
            throw new FormatException($"its header is said to have {length} bytes; more than {MaxHeader} are refused");
        var json = new byte[length];
        stream.ReadExactly(json);
        var dataStart = LengthBytes + (long)length;
        return SafetensorsHeader.Parse(json, dataStart, stream.Length - dataStart);
    }

    // Copy on write: the memory can be written to (a module may train in it), and the file stays as it is.
    private static SafetensorsFile Map(string path, FileStream stream, SafetensorsHeader header)
    {
        var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            return new SafetensorsFile(path, file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite), header);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private SafetensorsEntry Find(string name) =>
        Entries.TryGetValue(name, out var entry) ? entry : throw new DecantException($"{Path} has no tensor '{name}'; it has {Names()}.");

    private string Names()
    {
        var names = Entries.Keys.Order(StringComparer.Ordinal).Take(8).ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names) + (Entries.Count > names.Count ? $", … {Entries.Count} in all" : "");
    }
}
