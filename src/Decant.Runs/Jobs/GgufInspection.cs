using System.Collections;
using System.Globalization;
using Decant.Export.Gguf.Format;

namespace Decant.Runs.Jobs;

/// <summary>What a GGUF file says of itself: settings and tensors. No native code reads it.</summary>
internal static class GgufInspection
{
    private const int Shown = 5; // items of a list
    private const int Longest = 200; // characters of a text

    /// <summary>That of a file; the numbers of tensors are not read.</summary>
    public static Inspection Of(GgufFile file)
    {
        var tensors = file.Tensors.Values.Select(t => new InspectedTensor(t.Name, t.Type.Name, t.Shape, t.Bytes, Path.GetFileName(file.Path)));
        return new Inspection(file.Path, $"GGUF, {file.Text("general.architecture") ?? "of an architecture that it does not say"}", [.. tensors.OrderBy(t => t.Name, StringComparer.Ordinal)], [])
        {
            Settings = [.. file.Settings.Select(setting => new KeyValuePair<string, string>(setting.Key, Words(setting.Value)))],
        };
    }

    private static string Words(object value) => value switch
    {
        string text => text.Length > Longest ? $"{text[..Longest]}… ({text.Length.ToString("N0", CultureInfo.InvariantCulture)} characters)" : text,
        bool yes => yes ? "true" : "false",
        ICollection items => $"[{string.Join(", ", items.Cast<object>().Take(Shown).Select(Words))}{(items.Count > Shown ? $", … ({items.Count.ToString("N0", CultureInfo.InvariantCulture)} items)" : "")}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
