using System.Text;
using Decant.Files;

namespace Decant.Runs.Recipes.Binding;

/// <summary>A recipe's file → its text: UTF-8 and nothing else, of a size that a recipe has.</summary>
internal static class RecipeText
{
    private const int LargestBytes = 1 << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Read(string path) => Decode(Bytes(path), path);

    /// <summary>The file as it is, of a size that a recipe has.</summary>
    public static byte[] Bytes(string path)
    {
        if (Directory.Exists(path)) throw new DecantException($"{path}: expected a recipe's file, came a folder; name the .yaml file in it.");
        if (!File.Exists(path)) throw new DecantException($"{path}: there is no such recipe; 'decant recipes' lists those that come with Decant, 'decant new' writes one.");
        try
        {
            using var stream = RegularFile.OpenOrPiped(path);
            return RegularFile.Bytes(stream, path, LargestBytes, came => TooLarge(path, came));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DecantException($"{path}: the recipe cannot be read: {fault.Message}", ExitCodes.Machine, fault);
        }
    }

    public static string Decode(byte[] bytes, string name)
    {
        if (bytes.Length > LargestBytes) throw TooLarge(name, $"{bytes.Length:N0}");
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw new DecantException($"{name}: expected UTF-8, came UTF-16; save the file as UTF-8.");
        try
        {
            var text = Strict.GetString(bytes);
            return text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text;
        }
        catch (DecoderFallbackException fault)
        {
            var line = 1 + bytes.AsSpan(0, Math.Max(0, fault.Index)).Count((byte)'\n');
            throw new DecantException($"{name}:{line}: expected UTF-8, came the byte 0x{bytes[Math.Max(0, fault.Index)]:x2} that is none; save the file as UTF-8.", ExitCodes.BadInput, fault);
        }
    }

    private static DecantException TooLarge(string name, string came) =>
        new($"{name}: expected a recipe of at most {LargestBytes:N0} bytes, came {came} bytes; is this a data file?");
}
