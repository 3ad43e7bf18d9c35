using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Decant.Data.Tokens;

/// <summary>Writes a token file: the tokens as they come, then where documents begin, and last the header, which makes it valid.</summary>
internal sealed class TokenFileWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly TokenFileKey _key;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<long> _starts = [];
    private readonly List<long> _bytes = [];
    private byte[] _buffer = [];
    private long _documentStart;
    private long _documentBytes;
    private long _empty;

    public TokenFileWriter(Stream stream, TokenFileKey key)
    {
        (_stream, _key) = (stream, key);
        _stream.Write(new byte[TokenFileHeader.Size]);
    }

    public long Tokens { get; private set; }

    public long TextBytes { get; private set; }

    public long Documents => _starts.Count;

    public void Add(ReadOnlySpan<int> ids, long bytes)
    {
        WriteIds(ids);
        TextBytes += bytes;
    }

    public void EndDocument()
    {
        if (Tokens == _documentStart) _empty++;
        _starts.Add(_documentStart);
        _bytes.Add(_documentBytes);
        WriteIds([_key.EndOfText]);
        (_documentStart, _documentBytes) = (Tokens, TextBytes);
    }

    public void Finish()
    {
        var tail = (int)(Tokens * _key.Width % 8);
        if (tail > 0) Write(new byte[8 - tail]);
        Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_starts)));
        Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_bytes)));
        _stream.Position = 0;
        _stream.Write(new TokenFileHeader(_key, Tokens, Documents, TextBytes, _empty, _hash.GetHashAndReset()).Write());
    }

    public void Dispose() => _hash.Dispose();

    private void WriteIds(ReadOnlySpan<int> ids)
    {
        Tokens += ids.Length;
        if (_key.Width == sizeof(int))
        {
            Write(MemoryMarshal.AsBytes(ids));
            return;
        }

        if (_buffer.Length < ids.Length * sizeof(ushort)) _buffer = new byte[ids.Length * sizeof(ushort) * 2];
        var narrow = MemoryMarshal.Cast<byte, ushort>(_buffer.AsSpan(0, ids.Length * sizeof(ushort)));
        for (var i = 0; i < ids.Length; i++) narrow[i] = (ushort)ids[i];
        Write(_buffer.AsSpan(0, ids.Length * sizeof(ushort)));
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _stream.Write(bytes);
    }
}
