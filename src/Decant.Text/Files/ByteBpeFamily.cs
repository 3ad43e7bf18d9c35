using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Text.Configuration;
using Decant.Text.PreTokenization;
using Decant.Text.Vocabularies;

namespace Decant.Text.Files;

/// <summary>What a class of tokenizers does with a vocab.json and a merges.txt, which say nothing of it themselves.</summary>
/// <remarks>
/// The class is the <c>tokenizer_class</c> of tokenizer_config.json, else that of config.json, else the one that the <c>model_type</c> of config.json goes with. Only where
/// nothing is named, GPT-2's and RoBERTa's are identified by their tokens. Source: <c>convert_slow_tokenizer.py</c> of <c>transformers</c>.
/// </remarks>
internal abstract class ByteBpeFamily
{
    private const string Served = "GPT2Tokenizer, RobertaTokenizer (also Bart, Longformer, LED) and Qwen2Tokenizer";

    /// <summary>The roles that the class gives to tokens where the files name none.</summary>
    public abstract IReadOnlyDictionary<string, string> Roles { get; }

    public virtual JsonElement? Normalizer => null;

    /// <exception cref="DecantException">The class is not served, or none is named and the tokens identify none.</exception>
    public static ByteBpeFamily Of(string file, TokenizerConfig config, IReadOnlyDictionary<string, int> vocabulary)
    {
        if (config.Class is { } named) return OfClass(named) ?? throw new DecantException($"{file}: how a {named} reads a vocab.json and a merges.txt is not known; served are {Served}. Use its tokenizer.json.");
        if (config.ModelType is { } type)
            return OfModel(type) ?? throw new DecantException($"{file}: which tokenizer a model of type '{type}' has is not known. Name its tokenizer_class in a tokenizer_config.json ({Served}), or use its tokenizer.json.");
        if (vocabulary.ContainsKey("<s>") && vocabulary.ContainsKey("</s>")) return new Roberta();
        if (vocabulary.ContainsKey("<|endoftext|>")) return new Gpt2();
        throw new DecantException($"{file}: nothing says how its tokens are used. Name its tokenizer_class in a tokenizer_config.json ({Served}), or use its tokenizer.json.");
    }

    /// <summary>Whether the spaces before an added token belong to it.</summary>
    public virtual bool TakesSpaceBefore(AddedToken token) => false;

    public virtual JsonElement PreTokenizer(bool addPrefixSpace) =>
        TokenizerParts.Json(new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = true });

    /// <param name="config">With all roles.</param>
    /// <param name="ids">Of the added tokens.</param>
    public abstract JsonElement Template(TokenizerConfig config, IReadOnlyDictionary<string, int> ids);

    private static ByteBpeFamily? OfClass(string name) => (name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name) switch
    {
        "GPT2Tokenizer" => new Gpt2(),
        "RobertaTokenizer" or "BartTokenizer" or "LongformerTokenizer" or "LEDTokenizer" => new Roberta(),
        "Qwen2Tokenizer" => new Qwen2(),
        _ => null,
    };

    private static ByteBpeFamily? OfModel(string type) => type switch
    {
        "gpt2" or "gpt_neo" or "gptj" or "gpt_bigcode" => new Gpt2(),
        "roberta" or "bart" or "longformer" or "led" => new Roberta(),
        "qwen2" or "qwen3" or "qwen2_moe" or "qwen3_moe" => new Qwen2(),
        _ => null,
    };

    private sealed class Gpt2 : ByteBpeFamily
    {
        private const string End = "<|endoftext|>";

        public override IReadOnlyDictionary<string, string> Roles { get; } = new Dictionary<string, string> { ["bos_token"] = End, ["eos_token"] = End, ["unk_token"] = End };

        public override JsonElement Template(TokenizerConfig config, IReadOnlyDictionary<string, int> ids) => config.AddBos == true
            ? Templates.Around((config.Named["bos_token"], ids[config.Named["bos_token"]]), null)!.Value
            : TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true}""");
    }

    private sealed class Roberta : ByteBpeFamily
    {
        public override IReadOnlyDictionary<string, string> Roles { get; } = new Dictionary<string, string>
        {
            ["bos_token"] = "<s>",
            ["eos_token"] = "</s>",
            ["sep_token"] = "</s>",
            ["cls_token"] = "<s>",
            ["unk_token"] = "<unk>",
            ["pad_token"] = "<pad>",
            ["mask_token"] = "<mask>",
        };

        public override bool TakesSpaceBefore(AddedToken token) => token.Content == "<mask>";

        public override JsonElement Template(TokenizerConfig config, IReadOnlyDictionary<string, int> ids)
        {
            var (begin, separator) = (config.Named["cls_token"], config.Named["sep_token"]);
            return Templates.Roberta(begin, ids[begin], separator, ids[separator]);
        }
    }

    private sealed class Qwen2 : ByteBpeFamily
    {
        private const string End = "<|endoftext|>";

        public override IReadOnlyDictionary<string, string> Roles { get; } = new Dictionary<string, string> { ["eos_token"] = End, ["pad_token"] = End, ["unk_token"] = End };

        public override JsonElement? Normalizer => TokenizerParts.Json("""{"type":"NFC"}""");

        public override JsonElement PreTokenizer(bool addPrefixSpace) => TokenizerParts.Json(new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = WordPattern.Qwen2.Expression }, ["behavior"] = "Isolated", ["invert"] = false },
                new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = false }),
        });

        public override JsonElement Template(TokenizerConfig config, IReadOnlyDictionary<string, int> ids) =>
            TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true}""");
    }
}
