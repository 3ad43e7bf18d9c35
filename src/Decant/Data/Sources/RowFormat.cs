using System.Text;

namespace Decant.Data;

/// <summary>What a row of a text file says.</summary>
internal readonly record struct Row(string Text, string? Pair, string? Label);

/// <summary>How a file becomes records, and a record a row.</summary>
internal abstract class RowFormat
{
    /// <summary>Whether the first record is a header, which <see cref="ReadHeader"/> takes.</summary>
    public virtual bool HasHeader => false;

    public virtual RecordScanner Scan(Stream stream, string file) => new LineScanner(stream, file);

    /// <summary>Finds the columns.</summary>
    /// <exception cref="RowFaultException">A column is missing.</exception>
    public virtual void ReadHeader(ReadOnlyMemory<byte> record, Encoding encoding)
    {
    }

    /// <summary>Reads a record; called from several threads.</summary>
    /// <exception cref="RowFaultException">The record is malformed.</exception>
    public abstract Row Read(ReadOnlyMemory<byte> record, Encoding encoding);

    protected static string? NullIfEmpty(string? label) => string.IsNullOrWhiteSpace(label) ? null : label.Trim();
}
