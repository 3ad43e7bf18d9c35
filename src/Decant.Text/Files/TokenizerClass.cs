using Decant.Text.Configuration;

namespace Decant.Text.Files;

/// <summary>What a class of <c>transformers</c> does with the settings beside its tokenizer.json when it loads it.</summary>
/// <remarks>Source: the <c>tokenization_*_fast.py</c> of <c>transformers</c> 4. A class that is not known here takes tokenizer.json as it is.</remarks>
/// <param name="SetsCase">Writes the case, accents and Chinese characters of a BertNormalizer anew (BERT's).</param>
/// <param name="Frame">Makes the template anew of the tokens before and after a text; null: it does not.</param>
/// <param name="HasFrame">Whether the tokens around a text are the class's own, so that nothing beside tokenizer.json is read for them (BERT's and RoBERTa's).</param>
/// <param name="ConvertsForPrefix">Makes tokenizer.json anew of the SentencePiece file where <c>add_prefix_space</c> is set.</param>
internal sealed record TokenizerClass(bool SetsCase = false, FrameDefaults? Frame = null, bool HasFrame = false, bool ConvertsForPrefix = false)
{
    private const string EndOfText = "<|endoftext|>";

    private static readonly TokenizerClass s_bert = new(SetsCase: true, HasFrame: true);
    private static readonly TokenizerClass s_framed = new(HasFrame: true);
    private static readonly TokenizerClass s_llama = new(Frame: new("<s>", "</s>", Begins: true), ConvertsForPrefix: true);
    private static readonly TokenizerClass s_gemma = new(Frame: new("<bos>", "<eos>", Begins: true));
    private static readonly TokenizerClass s_neoX = new(Frame: new(EndOfText, EndOfText, Begins: false));
    private static readonly TokenizerClass s_cohere = new(Frame: new("<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>", Begins: true));
    private static readonly TokenizerClass s_t5 = new(HasFrame: true, ConvertsForPrefix: true);
    private static readonly TokenizerClass s_other = new();

    /// <summary>The class that tokenizer_config.json or config.json names, else that of the model's type.</summary>
    public static TokenizerClass Of(TokenizerConfig config) => config.Class is { } name ? OfClass(Plain(name)) : OfModel(config.ModelType);

    private static string Plain(string name) => name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;

    private static TokenizerClass OfClass(string name) => name switch
    {
        "BertTokenizer" or "DistilBertTokenizer" or "ElectraTokenizer" or "MobileBertTokenizer" or "ConvBertTokenizer" or "SqueezeBertTokenizer" or "RetriBertTokenizer" or "LayoutLMTokenizer"
            or "LxmertTokenizer" or "DPRContextEncoderTokenizer" or "DPRQuestionEncoderTokenizer" or "DPRReaderTokenizer" or "MPNetTokenizer" or "FunnelTokenizer" => s_bert,
        "RobertaTokenizer" or "BartTokenizer" or "LongformerTokenizer" or "LEDTokenizer" or "XLMRobertaTokenizer" or "AlbertTokenizer" or "CamembertTokenizer" or "DebertaV2Tokenizer" => s_framed,
        "LlamaTokenizer" or "CodeLlamaTokenizer" => s_llama,
        "GemmaTokenizer" => s_gemma,
        "GPTNeoXTokenizer" => s_neoX,
        "CohereTokenizer" => s_cohere,
        "T5Tokenizer" => s_t5,
        _ => s_other,
    };

    private static TokenizerClass OfModel(string? type) => type switch
    {
        "bert" or "distilbert" or "electra" or "mobilebert" or "convbert" or "squeezebert" or "layoutlm" or "lxmert" or "dpr" or "mpnet" or "funnel" => s_bert,
        "roberta" or "bart" or "longformer" or "led" or "xlm-roberta" or "albert" or "camembert" or "deberta-v2" => s_framed,
        "llama" or "mistral" or "mixtral" or "code_llama" => s_llama,
        "gemma" or "gemma2" => s_gemma,
        "gpt_neox" => s_neoX,
        "cohere" => s_cohere,
        "t5" => s_t5,
        _ => s_other,
    };
}

/// <summary>What stands around a text where the files do not say.</summary>
/// <param name="Bos">The token before it.</param>
/// <param name="Eos">The token after it.</param>
/// <param name="Begins">Whether the first is put there; the second is not unless requested.</param>
internal sealed record FrameDefaults(string Bos, string Eos, bool Begins);
