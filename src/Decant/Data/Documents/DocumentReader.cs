using System.Text;

namespace Decant.Data.Documents;

/// <summary>The text of a part of a file, decoded strictly as it is read. Unlike <see cref="StreamReader"/> it keeps a mark (U+FEFF) at the beginning.</summary>
internal sealed class DocumentReader(DocumentFile file, DocumentSpan span) : TextReader
{
    private readonly Decoder _decoder = file.Encoding.GetDecoder();
    private readonly byte[] _bytes = new byte[1 << 16];
    private long _offset = span.Offset;
    private int _start;
    private int _end;
    private bool _isFlushed;

    private long Left => span.Offset + span.Length - _offset;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <summary>Some of the characters that are left; 0 at the end. The buffer needs room for two.</summary>
    public override int Read(Span<char> buffer)
    {
        try
        {
            while (!_isFlushed)
            {
                if (_start == _end && Left > 0) Fill();
                var isLast = Left == 0;
                _decoder.Convert(_bytes.AsSpan(_start, _end - _start), buffer, isLast, out var used, out var chars, out var completed);
                _start += used;
                _isFlushed = isLast && completed;
                if (chars > 0) return chars;
            }

            return 0;
        }
        catch (DecoderFallbackException e)
        {
            throw file.NotInEncoding(e);
        }
    }

    public override int Read() => throw new NotSupportedException("A document is read in spans.");

    public override int Peek() => throw new NotSupportedException("A document is read in spans.");

    private void Fill()
    {
        _start = 0;
        _end = file.Read(_bytes.AsSpan(0, (int)Math.Min(_bytes.Length, Left)), _offset);
        if (_end == 0) throw new DecantException($"{file.Path}: the file became shorter while it was in use; start again with a file that stays as it is.");
        _offset += _end;
    }
}
