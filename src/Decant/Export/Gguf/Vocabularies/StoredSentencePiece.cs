using Decant.Text.Configuration;
using Decant.Text.Files;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>SentencePiece's BPE in a GGUF file, as the equivalent components of a tokenizer.json.</summary>
internal static class StoredSentencePiece
{
    /// <summary>The components.</summary>
    public static TokenizerParts Read(StoredVocabulary stored)
    {
        var scores = stored.List<double>("scores", stored.Tokens.Count);
        if (scores.Any(score => !double.IsFinite(score)))
            throw stored.Refused("damaged: a token has a score that is no number");
        var pieces = stored.Tokens.Select((token, id) => new SentencePiece(token, (float)scores[id], (PieceKind)stored.Kinds[id]));
        var model = SentencePieceModel.OfBpe(pieces, byteFallback: stored.Kinds.Contains(GgufTokenKind.Byte), addsPrefix: stored.Bool("add_space_prefix") ?? true);
        var config = stored.Config with { AddBos = stored.Bool("add_bos_token") ?? true, AddEos = stored.Bool("add_eos_token") ?? false };
        return SentencePieceFile.Of(model, config, stored.Source);
    }
}
