using Decant.Files;

namespace Decant.Data;

/// <summary>Takes samples one by one: in memory as long as they are few, beyond that in a file of this process, so that memory stays level however many they are.</summary>
/// <param name="mostInMemory">The most bytes that are held in memory.</param>
internal sealed class KeptSamples(long mostInMemory) : IDisposable
{
    private const int PieceBytes = 1 << 22;

    private readonly MemoryStream _block = new();
    private readonly List<byte[]> _pieces = [];
    private readonly List<long> _starts = []; // of the pieces
    private readonly List<long> _ends = []; // of the samples
    private readonly List<ulong> _hashes = [];
    private FileStream? _file;
    private long _written;

    public int Count => _ends.Count;

    public void Add(SampleContent content)
    {
        _hashes.Add(ContentHash.Of(content));
        ContentBytes.Write(content, _block);
        _ends.Add(_written + _block.Length);
        if (_block.Length > Math.Min(mostInMemory, PieceBytes)) PutAway();
    }

    /// <summary>The samples that were taken; this is empty afterwards.</summary>
    /// <param name="name">What messages call the source.</param>
    /// <param name="where">Where the user finds a row.</param>
    /// <param name="remarks">Remarks on the reading.</param>
    public SampleStore ToStore(string name, Func<int, string> where, IReadOnlyList<string> remarks)
    {
        PutAway();
        var file = _file;
        _file = null;
        return new KeptStore(file, [.. _pieces], [.. _starts], [.. _ends], [.. _hashes], where) { Name = name, Remarks = remarks };
    }

    public void Dispose()
    {
        _file?.Dispose();
        _block.Dispose();
    }

    private void PutAway()
    {
        if (_file is null && _written + _block.Length <= mostInMemory)
        {
            _pieces.Add(_block.ToArray());
            _starts.Add(_written);
        }
        else
        {
            _file ??= Spilled();
            Write(_file, _block.GetBuffer().AsSpan(0, (int)_block.Length), _written);
        }

        _written += _block.Length;
        _block.SetLength(0);
    }

    /// <summary>A file of what was held in memory up to now.</summary>
    private FileStream Spilled()
    {
        var file = ScratchFile.Create();
        for (var piece = 0; piece < _pieces.Count; piece++) Write(file, _pieces[piece], _starts[piece]);
        _pieces.Clear();
        _starts.Clear();
        return file;
    }

    private static void Write(FileStream file, ReadOnlySpan<byte> bytes, long at)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, bytes, at);
        }
        catch (IOException error)
        {
            throw ScratchFile.Fault(CacheFolder.Of("scratch"), error);
        }
    }
}

/// <summary>Samples as bytes, in memory or in a file of this process.</summary>
internal sealed class KeptStore(FileStream? file, byte[][] pieces, long[] starts, long[] ends, ulong[] hashes, Func<int, string> where) : SampleStore(hashes)
{
    public override SampleContent Read(int row)
    {
        var (start, length) = (Start(row), LengthOf(row));
        if (file is null)
        {
            var found = Array.BinarySearch(starts, start);
            var piece = found < 0 ? ~found - 1 : found; // the last that begins at the sample or before it
            return ContentBytes.Read(pieces[piece].AsMemory((int)(start - starts[piece]), length));
        }

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
