using System.Text;
using Decant.Data.Sources;
using Microsoft.Win32.SafeHandles;

namespace Decant.Data.Documents;

/// <summary>One file of a source of documents: open, and read at any place from several threads.</summary>
internal sealed class DocumentFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly DateTime _written;
    private readonly long _length;

    public DocumentFile(string path)
    {
        Path = path;
        _stream = SourceFile.Open(path);
        _written = File.GetLastWriteTimeUtc(path);
        _length = _stream.Length;
    }

    public string Path { get; }

    public long Length => _length;

    public SafeFileHandle Handle => _stream.SafeFileHandle;

    /// <summary>The stream at its beginning.</summary>
    public FileStream Rewind()
    {
        _stream.Position = 0;
        return _stream;
    }

    public void RequireUnchanged()
    {
        if (RandomAccess.GetLength(Handle) != _length || File.GetLastWriteTimeUtc(Path) != _written)
            throw new DecantException($"{Path}: the file was changed while it was in use; start again with a file that stays as it is.");
    }

    public byte[] ReadBytes(DocumentSpan span)
    {
        var bytes = new byte[span.Length];
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(Handle, bytes.AsSpan(done), span.Offset + done);
            if (read == 0) throw new DecantException($"{Path}: the file became shorter while it was in use; start again with a file that stays as it is.");
            done += read;
        }

        return bytes;
    }

    /// <summary>The fault for bytes that are not in the encoding: at the first line that has some.</summary>
    public DecantException NotInEncoding(Encoding encoding, Exception inner)
    {
        using var stream = SourceFile.Open(Path);
        using var lines = new LineScanner(stream, Path);
        while (lines.TryRead(out var line))
        {
            try
            {
                TextEncoding.Check(encoding, lines.Bytes.Span);
            }
            catch (RowFaultException e)
            {
                return new DecantException($"{Path}:{line.Line}: {e.Message}", inner: e);
            }
        }

        return new DecantException($"{Path}: the file is not {encoding.WebName.ToUpperInvariant()} ({inner.Message}); convert it to UTF-8, or name its encoding with 'encoding'.", inner: inner);
    }

    public void Dispose() => _stream.Dispose();
}
