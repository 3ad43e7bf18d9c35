using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Text;

namespace Decant.Teachers.Writing;

/// <summary>The tokens at which a generated text ends: one list for generation, for the settings that are written and for the texts of a report.</summary>
internal static class StopTokens
{
    /// <summary>
    /// Those that the model's settings name (<c>generation_config.json</c>, else <c>config.json</c>) and those that end a text of the run; where there are none, the
    /// tokenizer's own end of text. A token that begins texts ends one too: the model would continue with another.
    /// </summary>
    /// <param name="model">A model that continues texts.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="ofRun">What ended the texts that it was trained on.</param>
    public static IReadOnlyList<int> Of(Model model, ITokenizer tokenizer, IReadOnlyList<int>? ofRun = null)
    {
        var named = ((model as IConfigured)?.Config as ICausalConfig)?.EosTokenIds ?? [];
        List<int> ends = [.. named, .. ofRun ?? []];
        if (ends.Count == 0 && OfTokenizer(tokenizer) is { } own)
            ends.Add(own);
        if (tokenizer.Special.Bos is { } begin)
            ends.Add(begin);
        return [.. ends.Distinct()];
    }

    private static int? OfTokenizer(ITokenizer tokenizer) => tokenizer.Special.Eos ?? tokenizer.Special.Separator;
}
