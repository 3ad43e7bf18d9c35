using System.Text;

namespace Decant.Tests.Export;

/// <summary>Zip archives as torch.save lays them out, byte by byte, so that any of it can be wrong.</summary>
internal sealed class MadeArchive
{
    private readonly List<(byte[] Name, byte[] Content, int Start)> _files = [];
    private readonly List<byte> _bytes = [];

    /// <summary>The method that all files are said to be stored with; 0: as they are.</summary>
    public ushort Method { get; init; }

    public static byte[] Of(byte[] pickle, params (string Name, byte[] Content)[] storages)
    {
        var archive = new MadeArchive();
        archive.Add("a/data.pkl", pickle);
        foreach (var (name, content) in storages)
            archive.Add(name, content);
        return archive.End();
    }

    public void Add(string name, byte[] content)
    {
        var text = Encoding.UTF8.GetBytes(name);
        _files.Add((text, content, (int)_bytes.Count));
        Write(0x04034b50u, (ushort)20, (ushort)0, Method, 0u, 0u, (uint)content.Length, (uint)content.Length, (ushort)text.Length, (ushort)0);
        _bytes.AddRange(text);
        _bytes.AddRange(content);
    }

    /// <summary>A second entry of the directory for a file that is there, under the same name or another.</summary>
    public void AddAgain(int file, string? name = null) => _files.Add((name is null ? _files[file].Name : Encoding.UTF8.GetBytes(name), _files[file].Content, _files[file].Start));

    public byte[] End(Action<byte[]>? change = null, int countMore = 0)
    {
        var start = (uint)_bytes.Count;
        foreach (var (name, content, at) in _files)
        {
            Write(0x02014b50u, (ushort)20, (ushort)20, (ushort)0, Method, 0u, 0u, (uint)content.Length, (uint)content.Length, (ushort)name.Length, (ushort)0, (ushort)0,
                (ushort)0, (ushort)0, 0u, (uint)at);
            _bytes.AddRange(name);
        }

        var size = (uint)_bytes.Count - start;
        Write(0x06054b50u, (ushort)0, (ushort)0, (ushort)(_files.Count + countMore), (ushort)(_files.Count + countMore), size, start, (ushort)0);
        var bytes = _bytes.ToArray();
        change?.Invoke(bytes);
        return bytes;
    }

    private void Write(params object[] numbers)
    {
        foreach (var number in numbers)
            _bytes.AddRange(number is uint wide ? BitConverter.GetBytes(wide) : BitConverter.GetBytes((ushort)number));
    }
}
