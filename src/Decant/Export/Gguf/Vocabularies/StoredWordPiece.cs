using System.Text.Json.Nodes;
using Decant.Text.Configuration;
using Decant.Text.Models;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>BERT's WordPiece in a GGUF file, as the equivalent components of a tokenizer.json.</summary>
internal static class StoredWordPiece
{
    /// <summary>The components. A file that says nothing of case and accents is lower-cased and loses both, as llama.cpp does it.</summary>
    public static TokenizerParts Read(StoredVocabulary stored)
    {
        var ids = stored.Ids();
        var (begin, end) = (stored.Named("cls_token_id") ?? stored.Named("bos_token_id"), stored.Named("seperator_token_id") ?? stored.Named("eos_token_id"));
        if (stored.Named("unknown_token_id") is not { } unknown || begin is not { } first || end is not { } last)
            throw stored.Refused("without the tokens that stand for the unknown and around a text (unknown_token_id, cls_token_id, seperator_token_id)");
        var lowers = stored.Bool("normalizer.lowercase") ?? true;
        return new TokenizerParts
        {
            Model = new WordPieceModel(ids, unknown.Token),
            Added = stored.Added(),
            Normalizer = TokenizerParts.Json(new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = true,
                ["strip_accents"] = stored.Bool("normalizer.strip_accents") is { } strips && strips != lowers ? strips : null,
                ["lowercase"] = lowers,
            }),
            PreTokenizer = TokenizerParts.Json("""{"type":"BertPreTokenizer"}"""),
            PostProcessor = Templates.Bert(first.Token, first.Id, last.Token, last.Id),
            Decoder = TokenizerParts.Json("""{"type":"WordPiece","prefix":"##","cleanup":true}"""),
            Config = stored.Config,
            Source = stored.Source,
        };
    }
}
