using System.Text;
using Decant.Data.Sources;

namespace Decant.Data.Documents;

/// <summary>One file of a source of documents: open, and read at any place from several threads.</summary>
internal sealed class DocumentFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly DateTime _written;
    private readonly long _length; // of the file as it lies
    private readonly OpenedText _text;

    public DocumentFile(string path, string encoding)
    {
        Path = path;
        _stream = SourceFile.Open(path);
        try
        {
            _written = File.GetLastWriteTimeUtc(path);
            _length = _stream.Length;
            _text = OpenedText.Open(_stream, path, encoding);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>The bytes of its text.</summary>
    public long Length => _text.Bytes.Length;

    /// <summary>What its text is in.</summary>
    public Encoding Encoding => _text.Encoding;

    /// <summary>Reads some of the text's bytes, as many as fit or are left.</summary>
    public int Read(Span<byte> into, long offset)
    {
        if (_text.Utf8 is not { } held) return RandomAccess.Read(_stream.SafeFileHandle, into, offset);
        var part = held.Span[(int)Math.Min(offset, held.Length)..];
        part = part[..Math.Min(part.Length, into.Length)];
        part.CopyTo(into);
        return part.Length;
    }

    /// <summary>The text's bytes from their beginning.</summary>
    public Stream Rewind()
    {
        _text.Bytes.Position = 0;
        return _text.Bytes;
    }

    public void RequireUnchanged()
    {
        if (RandomAccess.GetLength(_stream.SafeFileHandle) != _length || File.GetLastWriteTimeUtc(Path) != _written)
            throw new DecantException($"{Path}: the file was changed while it was in use; start again with a file that stays as it is.");
    }

    public byte[] ReadBytes(DocumentSpan span)
    {
        var bytes = new byte[span.Length];
        for (var done = 0; done < bytes.Length;)
        {
            var read = Read(bytes.AsSpan(done), span.Offset + done);
            if (read == 0) throw new DecantException($"{Path}: the file became shorter while it was in use; start again with a file that stays as it is.");
            done += read;
        }

        return bytes;
    }

    /// <summary>The fault for bytes that are not in the encoding: at the first line that has some.</summary>
    public DecantException NotInEncoding(Exception inner)
    {
        using var stream = SourceFile.Open(Path);
        using var lines = new LineScanner(stream, Path);
        while (lines.TryRead(out var line))
        {
            try
            {
                TextEncoding.Check(Encoding, lines.Bytes.Span);
            }
            catch (RowFaultException e)
            {
                return new DecantException($"{Path}:{line.Line}: {e.Message}", inner: e);
            }
        }

        return new DecantException($"{Path}: the file is not {Encoding.WebName.ToUpperInvariant()} ({inner.Message}); convert it to UTF-8, or name its encoding with 'encoding'.", inner: inner);
    }

    public void Dispose()
    {
        _text.Dispose();
        _stream.Dispose();
    }
}
