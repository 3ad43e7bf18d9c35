using Decant.Files;

namespace Decant.Data;

/// <summary>Takes samples one by one: in memory as long as they are few, beyond that in a file of this process, so that memory stays level however many they are.</summary>
/// <param name="mostInMemory">The most bytes that are held in memory.</param>
internal sealed class KeptSamples(long mostInMemory) : IDisposable
{
    private const int PieceBytes = 1 << 22;
    private const long MostBlock = 1L << 30; // a block of memory has one array

    private readonly MemoryStream _block = new();
    private readonly List<long> _ends = [];
    private readonly List<ulong> _hashes = [];
    private FileStream? _file;
    private long _written;

    public int Count => _ends.Count;

    public void Add(SampleContent content)
    {
        _hashes.Add(ContentHash.Of(content));
        ContentBytes.Write(content, _block);
        _ends.Add(_written + _block.Length);
        if (_block.Length > (_file is null ? Math.Min(mostInMemory, MostBlock) : PieceBytes)) Spill();
    }

    /// <summary>The samples that were taken; this is empty afterwards.</summary>
    /// <param name="name">What messages call the source.</param>
    /// <param name="where">Where the user finds a row.</param>
    /// <param name="remarks">Remarks on the reading.</param>
    public SampleStore ToStore(string name, Func<int, string> where, IReadOnlyList<string> remarks)
    {
        if (_file is not null && _block.Length > 0) Spill();
        var file = _file;
        _file = null;
        return new KeptStore(file, file is null ? _block.GetBuffer().AsMemory(0, (int)_block.Length) : default, [.. _ends], [.. _hashes], where) { Name = name, Remarks = remarks };
    }

    public void Dispose()
    {
        _file?.Dispose();
        _block.Dispose();
    }

    private void Spill()
    {
        _file ??= ScratchFile.Create();
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, _block.GetBuffer().AsSpan(0, (int)_block.Length), _written);
        }
        catch (IOException error)
        {
            throw ScratchFile.Fault(CacheFolder.Of("scratch"), error);
        }

        _written += _block.Length;
        _block.SetLength(0);
        if (_block.Capacity > 2 * PieceBytes) _block.Capacity = PieceBytes;
    }
}

/// <summary>Samples as bytes, in memory or in a file of this process.</summary>
internal sealed class KeptStore(FileStream? file, ReadOnlyMemory<byte> block, long[] ends, ulong[] hashes, Func<int, string> where) : SampleStore(hashes)
{
    public override SampleContent Read(int row)
    {
        var (start, length) = (Start(row), LengthOf(row));
        if (file is null) return ContentBytes.Read(block.Slice((int)start, length));
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(done), start + done);
            if (read == 0) throw new DecantException($"{Where(row)}: what was kept of it is cut off; start again.");
            done += read;
        }

        return ContentBytes.Read(bytes);
    }

    public override int LengthOf(int row) => (int)(ends[row] - Start(row));

    public override string Where(int row) => where(row);

    public override void Dispose()
    {
        file?.Dispose();
        base.Dispose();
    }

    private long Start(int row) => row == 0 ? 0 : ends[row - 1];
}
