using Decant.Models.Configuration;
using Decant.Models.Encoders;

namespace Decant.Models.Bert;

/// <summary>The settings of BERT (Devlin 2019), under the names of its published <c>config.json</c>.</summary>
internal sealed record BertConfig : BertStyleConfig
{
    /// <summary><c>bert</c>; another name where a classifier's pooling is not BERT's, so that no program takes it for BERT.</summary>
    internal override string PlainType => ReadsMeans ? "bert-mean-pooling" : "bert";

    internal override string Family => ReadsMeans ? "BertMeanPooling" : "Bert";

    internal override string Kind => "encoder";

    internal override string About => "transformer encoder";

    internal override EncoderNames Names { get; } = new() { Encoder = "bert" };

    private protected override bool ClassifiesMeans => true;

    private bool ReadsMeans => Task is ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression && PoolingOfTask == EncoderPooling.Mean;

    internal static BertConfig From(EncoderOptions options, ModelContext context)
    {
        CheckWidth(options, context);
        return Compact(new BertConfig
        {
            Task = context.Task,
            ClassNames = context.NamesOfTask(),
            VocabSize = context.RequireVocabulary("encoder"),
            PadTokenId = context.PadToken,
            HiddenSize = options.Hidden,
            NumHiddenLayers = options.Layers,
            NumAttentionHeads = options.Heads,
            IntermediateSize = options.Intermediate ?? (4 * options.Hidden),
            HiddenDropoutProb = DropoutFrom(options, context),
            AttentionProbsDropoutProb = DropoutFrom(options, context),
            MaxPositionEmbeddings = PositionsFrom(options, context),
            InitializerRange = options.InitializerRange,
            Pooling = PoolingFrom(options, context.Task),
            Normalize = options.Normalize,
        }, options);
    }

    private protected override Decant.Modules.Model MakeClassifier(Decant.Torch.Generator? generator, Encoder? trunk) => new BertClassifier(this, generator, trunk);
}
