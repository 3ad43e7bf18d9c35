using System.Text;

namespace Decant.Cli;

internal static class NewFile
{
    /// <summary>Writes a file that is not there yet, or to the output for <c>-</c>; nothing is overwritten.</summary>
    public static void Write(TextWriter output, string path, string text)
    {
        if (path == "-")
        {
            output.Write(text);
            return;
        }

        try
        {
            using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write)) file.Write(Encoding.UTF8.GetBytes(text));
            output.WriteLine($"{path} is written. Next: decant check {path}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var why = File.Exists(path) ? "it is there already, and nothing is overwritten" : fault.Message;
            throw new DecantException($"{path} cannot be written: {why}. Choose another with --out.", File.Exists(path) ? ExitCodes.BadInput : ExitCodes.Machine, fault);
        }
    }
}
