using Decant.Text.PostProcessing;
using Decant.Text.Vocabularies;

namespace Decant.Text.Files;

/// <summary>Whether a tokenizer puts its first and its last token around every text, and does nothing else.</summary>
/// <param name="Begins">Each text begins with <c>bos_token</c>.</param>
/// <param name="Ends">Each text ends with <c>eos_token</c>.</param>
/// <remarks>
/// tokenizer_config.json says it as <c>add_bos_token</c> and <c>add_eos_token</c>, and programs that generate text go by that: without it they leave out what tokenizer.json puts around a text.
/// </remarks>
internal readonly record struct TextFrame(bool Begins, bool Ends)
{
    /// <summary>That of a template; nothing where the template does more, which the two settings cannot say.</summary>
    public static TextFrame Of(Template template, SpecialTokens special)
    {
        int[] single = Flat(template.Single);
        var frame = new TextFrame(special.Bos is { } bos && single[0] == bos, special.Eos is { } eos && single[^1] == eos);
        return single.SequenceEqual(frame.Around(special, Text(0))) && Flat(template.Pair).SequenceEqual([.. frame.Around(special, Text(0)), .. frame.Around(special, Text(1))]) ? frame : default;
    }

    private int[] Around(SpecialTokens special, int text) => [.. Begins ? [special.Bos!.Value] : Array.Empty<int>(), text, .. Ends ? [special.Eos!.Value] : Array.Empty<int>()];

    private static int[] Flat(TemplatePiece[] pieces) => [.. pieces.SelectMany(piece => piece.Sequence < 0 ? piece.Ids : [Text(piece.Sequence)])];

    // No token has such an id.
    private static int Text(int sequence) => -1 - sequence;
}
