using System.Text;

namespace Decant.Cli.Hosting;

/// <summary>A writer that leaves out the spaces at the ends of lines: tables fill their cells, logs and files need none of that.</summary>
internal sealed class TrimmedLines(TextWriter inner) : TextWriter
{
    private int _spaces;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value == ' ')
        {
            _spaces++;
            return;
        }

        if (value is not ('\n' or '\r'))
            for (; _spaces > 0; _spaces--) inner.Write(' ');
        _spaces = 0;
        inner.Write(value);
    }

    public override void Flush() => inner.Flush();
}
