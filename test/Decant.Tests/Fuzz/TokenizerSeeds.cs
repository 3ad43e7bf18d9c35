using System.Text;
using Decant.Tests.Text;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Tests.Fuzz;

/// <summary>Tokenizers of every sort, with the files beside them; what is read is used too.</summary>
internal static class TokenizerSeeds
{
    private static readonly string[] s_texts = ["", "Hello the world's ab c 123", "é 한국어 👨‍👩‍👧 <s>[MASK]</s> \u0000\u200d", .. HardTexts.Some(3, halves: true)];

    // Every sort of component that there is.
    private const string Components = """
        {"version":"1.0","truncation":{"direction":"Right","max_length":20,"strategy":"LongestFirst","stride":0},
         "padding":{"strategy":{"Fixed":12},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,"pad_type_id":0,"pad_token":"[PAD]"},
         "added_tokens":[{"id":0,"content":"[PAD]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
          {"id":9,"content":"<x>","single_word":true,"lstrip":true,"rstrip":true,"normalized":true,"special":false}],
         "normalizer":{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"Lowercase"},{"type":"StripAccents"},{"type":"Strip","strip_left":true,"strip_right":true},
          {"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "},{"type":"Prepend","prepend":"_"},{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}]},
         "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"Isolated"},
          {"type":"Split","pattern":{"Regex":"(?i:'s|'t)|\\p{L}+|\\s+(?!\\S)"},"behavior":"Isolated","invert":false}]},
         "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
          "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
         "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0},{"type":"WordPiece","prefix":"##","cleanup":true}]},
         "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":4,"a":5,"b":6,"##b":7,"hello":8}}}
        """;

    private const string Unigram = """
        {"added_tokens":[],"normalizer":{"type":"NFKC"},"pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},"post_processor":null,
         "decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},"model":{"type":"Unigram","unk_id":0,"byte_fallback":false,"vocab":[["<unk>",0.0],["▁",-2.0],["a",-3.5],["ab",-4.0]]}}
        """;

    private const string Bpe = """
        {"added_tokens":[{"id":6,"content":"<|endoftext|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],"normalizer":null,
         "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},"post_processor":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true},
         "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
         "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
          "vocab":{"a":0,"b":1,"c":2,"ab":3,"Ġ":4,"abc":5},"merges":["a b",["ab","c"]]}}
        """;

    private const string Config = """
        {"tokenizer_class":"BertTokenizer","do_lower_case":true,"model_max_length":512,"strip_accents":null,"tokenize_chinese_chars":true,"unk_token":"[UNK]","cls_token":{"content":"[CLS]","lstrip":false,"rstrip":false,"normalized":false,"single_word":false},
         "sep_token":"[SEP]","pad_token":"[PAD]","mask_token":"[MASK]","additional_special_tokens":["<extra_id_0>",{"content":"<y>","lstrip":true,"rstrip":false,"normalized":false,"single_word":false}],
         "added_tokens_decoder":{"0":{"content":"[PAD]","lstrip":false,"rstrip":false,"normalized":false,"single_word":false,"special":true}},"add_prefix_space":false,"add_bos_token":false}
        """;

    private const string Map = """{"unk_token":"[UNK]","sep_token":{"content":"[SEP]","lstrip":false,"rstrip":false,"normalized":false,"single_word":false},"additional_special_tokens":["<a>","<b>"]}""";
    private const string WordPieces = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##b\nhello\nthe\n世\n";
    private const string ByteVocabulary = """{"a":0,"b":1,"c":2,"ab":3,"Ġ":4,"abc":5,"<|endoftext|>":6,"<s>":7,"</s>":8,"<pad>":9,"<unk>":10,"<mask>":11,"Ġa":12}""";
    private const string Merges = "#version: 0.2\na b\nab c\nĠ a\n";

    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var text in new[] { Components, Unigram, Bpe })
            yield return Json("tokenizer: tokenizer.json", "tokenizer.json", text);
        foreach (var folder in new[] { "wordpiece", "byte-bpe", "unigram", "cases/added-token-decode", "cases/zero-width-split" })
            yield return Json("tokenizer: tokenizer.json", "tokenizer.json", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", folder, "tokenizer.json")));
        yield return Json("tokenizer: tokenizer_config.json", "tokenizer_config.json", Config, ("vocab.txt", WordPieces));
        yield return Json("tokenizer: tokenizer_config.json", "tokenizer_config.json", Config.Replace("\"[PAD]\",\"l", "\"<z>\",\"l", StringComparison.Ordinal).Replace("{\"0\":", "{\"12\":", StringComparison.Ordinal), ("tokenizer.json", Components));
        yield return Json("tokenizer: special_tokens_map.json", "special_tokens_map.json", Map, ("vocab.txt", WordPieces));
        yield return Json("tokenizer: added_tokens.json", "added_tokens.json", """{"<new>":11,"<newer>":12,"a":5}""", ("vocab.txt", WordPieces));
        yield return Json("tokenizer: config.json", "config.json", """{"model_type":"bert","tokenizer_class":"BertTokenizer","vocab_size":11}""", ("vocab.txt", WordPieces));
        yield return Of("tokenizer: vocab.txt", "vocab.txt", Encoding.UTF8.GetBytes(WordPieces), TextDamage.Of, ("tokenizer_config.json", """{"tokenizer_class":"BertTokenizer"}"""));
        foreach (var family in new[] { "GPT2Tokenizer", "RobertaTokenizer", "Qwen2Tokenizer" })
        {
            var config = ("tokenizer_config.json", $$"""{"tokenizer_class":"{{family}}"}""");
            yield return Json("tokenizer: vocab.json", "vocab.json", ByteVocabulary, ("merges.txt", Merges), config);
            yield return Of("tokenizer: merges.txt", "merges.txt", Encoding.UTF8.GetBytes(Merges), TextDamage.Of, ("vocab.json", ByteVocabulary), config);
        }

        foreach (var isBpe in new[] { false, true })
            yield return Of("tokenizer: SentencePiece", "tokenizer.model", SentencePieceFileTests.Model(isBpe, "-", "<mark>"), ProtoDamage.Of, ("tokenizer_config.json", """{"tokenizer_class":"LlamaTokenizer"}"""));
    }

    private static FuzzSeed Json(string format, string file, string text, params (string, string)[] beside) => Of(format, file, Encoding.UTF8.GetBytes(text), JsonDamage.Of, beside);

    private static FuzzSeed Of(string format, string file, byte[] content, Damage damage, params (string, string)[] beside) => new(format, file, content, damage, Read)
    {
        Beside = ModelSeeds.Files(beside),
        BytesPerByte = 1024,
        BytesPerFile = 32 << 20, // an expression is compiled
    };

    private static void Read(string folder)
    {
        var tokenizer = TokenizerFile.Load(folder);
        try
        {
            Use(tokenizer);
        }
        catch (DecantException error) // such as of a character that has no token
        {
            throw new DecantException($"{folder}: {error.Message}", error.ExitCode, error);
        }
    }

    private static void Use(ITokenizer tokenizer)
    {
        foreach (var text in s_texts)
        {
            var ids = tokenizer.Encode(text);
            _ = tokenizer.Decode(ids, keepSpecial: true);
            _ = tokenizer.Tokenize(text, "a pair");
            _ = tokenizer.EncodeForModel(text, null, 16);
        }

        _ = tokenizer.Hash;
    }
}
