using Decant.Text.Configuration;
using Decant.Text.Models;
using Decant.Text.Vocabularies;

namespace Decant.Text.Training;

/// <summary>What trained tokenizers have in common: five special tokens, which have the first ids, and BERT's template.</summary>
internal static class TrainedParts
{
    /// <summary>The special tokens, then those that were learned.</summary>
    public static Dictionary<string, int> Vocabulary(IEnumerable<string> learned)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in SpecialTokens.Names.Concat(learned)) vocabulary.TryAdd(token, vocabulary.Count);
        return vocabulary;
    }

    public static TokenizerParts Of(TokenModel model)
    {
        var ids = model.Vocabulary;
        return new TokenizerParts
        {
            Model = model,
            Added = [.. SpecialTokens.Names.Select(name => new AddedToken(ids[name], name))],
            PostProcessor = Templates.Bert("[CLS]", ids["[CLS]"], "[SEP]", ids["[SEP]"]),
            Config = new TokenizerConfig(),
            Source = "the trained tokenizer",
        };
    }
}
