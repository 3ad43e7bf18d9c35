using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;

namespace Decant.Models.Roberta;

/// <summary>
/// The settings of RoBERTa (Liu 2019), under the names of its published <c>config.json</c>. Positions count tokens from the row behind the padding token's on,
/// so a text may have <see cref="EncoderConfig.MaxPositionEmbeddings"/> − <see cref="EncoderConfig.PadTokenId"/> − 1 tokens.
/// </summary>
internal sealed record RobertaConfig : BertStyleConfig
{
    /// <summary>Settings with a <see cref="EncoderConfig.PadTokenId"/> of 1, as RoBERTa's vocabulary has it.</summary>
    public RobertaConfig() => PadTokenId = 1;

    internal override string PlainType => "roberta";

    internal override string Family => "Roberta";

    internal override string Kind => "roberta";

    internal override string About => "RoBERTa";

    internal override EncoderShape Shape => base.Shape with { CountsTokens = true };

    internal override EncoderNames Names { get; } = new()
    {
        Encoder = "roberta",
        HeadTransform = "lm_head.dense",
        HeadNorm = "lm_head.layer_norm",
        HeadBias = "lm_head.bias",
        HeadWeight = "lm_head.decoder.weight",
    };

    internal override ActivationKind HeadActivation => ActivationKind.Gelu; // hidden_act is ignored

    internal static RobertaConfig From(EncoderOptions options, ModelContext context)
    {
        CheckWidth(options, context);
        return Compact(new RobertaConfig
        {
            Task = context.Task,
            ClassNames = context.NamesOfTask(),
            VocabSize = context.RequireVocabulary("roberta"),
            PadTokenId = context.PadToken,
            HiddenSize = options.Hidden,
            NumHiddenLayers = options.Layers,
            NumAttentionHeads = options.Heads,
            IntermediateSize = options.Intermediate ?? (4 * options.Hidden),
            HiddenDropoutProb = DropoutFrom(options, context),
            AttentionProbsDropoutProb = DropoutFrom(options, context),
            MaxPositionEmbeddings = PositionsFrom(options, context) + context.PadToken + 1,
            TypeVocabSize = 1,
            LayerNormEps = 1e-5, // as roberta-base
            InitializerRange = options.InitializerRange,
            Pooling = PoolingFrom(options, context.Task),
            Normalize = options.Normalize,
        }, options);
    }

    private protected override Model MakeClassifier(Decant.Torch.Generator? generator, Encoder? trunk) => new RobertaClassifier(this, generator, trunk);
}
