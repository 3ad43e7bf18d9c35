using Decant.Data;
using Decant.Objectives;
using Decant.Text;
using Decant.Training;

namespace Decant.Jobs;

/// <summary>Every kind that a recipe can name, one line each: its name, its options, how it is made, and a word about it.</summary>
/// <remarks>Immutable: <see cref="Standard"/> has what comes along; a program adds its own kinds with the same methods.</remarks>
public sealed partial record Catalog
{
    /// <summary>What comes along.</summary>
    public static Catalog Standard { get; } = new Catalog()
        .Source<CsvOptions>("csv", "a table of comma-separated values with named columns")
        .Source<TsvOptions>("tsv", "a table of tab-separated values")
        .Source<JsonlOptions>("jsonl", "one JSON object per line with named fields")
        .Source<TextSourceOptions>("text", "plain text, cut into documents, for language models")
        .Source<WrittenOptions>("generated", "texts that a language model writes")
        .Source<ConllOptions>("conll", "sentences in columns, a word and its tag on every line")
        .Source<LabelledLinesOptions>("labelled-lines", "one 'label text' per line")
        .Source<IdxOptions>("idx", "images and labels in IDX files, as MNIST, also .gz")
        .Source<CifarOptions>("cifar", "CIFAR-10's binary batches")
        .Source<DotnetDocsOptions>("dotnet-docs", "the API documentation that ships with the .NET SDK; the class is the assembly")

        .Tokenizer<LoadedTokenizerOptions>("load", "a tokenizer that somebody made before")
        .Tokenizer<WordPieceOptions>("wordpiece", "words into known pieces, as BERT; trained on the training split")
        .Tokenizer<ByteBpeOptions>("byte-bpe", "frequent byte sequences, as GPT-2; trained on the training split")
        .Tokenizer<UnigramOptions>("unigram", "likely pieces of words, as SentencePiece, T5 and ALBERT; trained on the training split")

        .Models()

        .Objective<LabelsOptions>("labels", "cross-entropy with the labels", false, (o, context) => new Labels(o, context))
        .Objective<TargetMseOptions>("target-mse", "squared difference from the numbers that a regression wants", false, o => new TargetMse(o))
        .Objective<PairSimilarityOptions>("pair-similarity", "squared difference of the cosine of a pair's vectors from its score", false, (o, context) => new PairSimilarity(o, context))
        .Objective<SoftTargetsOptions>("soft-targets", "forward KL divergence from the teacher's softened answer", true, o => new SoftTargets(o))
        .Objective<ReverseKlOptions>("reverse-kl", "reverse KL divergence, which seeks the teacher's likeliest answers", true, o => new ReverseKl(o))
        .Objective<JensenShannonOptions>("jensen-shannon", "divergence of both answers from their mixture", true, o => new JensenShannon(o))
        .Objective<SkewKlOptions>("skew-kl", "KL divergence from the teacher to a mixture with the student", true, o => new SkewKl(o))
        .Objective<SkewReverseKlOptions>("skew-reverse-kl", "KL divergence from the student to a mixture with the teacher", true, o => new SkewReverseKl(o))
        .Objective<AdaptiveKlOptions>("adaptive-kl", "forward and reverse KL divergence, mixed by where the student is wrong", true, o => new AdaptiveKl(o))
        .Objective<TotalVariationOptions>("total-variation", "half the sum of the differences of the probabilities", true, o => new TotalVariation(o))
        .Objective<DecoupledOptions>("decoupled", "the label's class against the others, and the others among themselves", true, o => new Decoupled(o))
        .Objective<LogitsMseOptions>("logits-mse", "squared difference of the logits", true, o => new LogitsMse(o))
        .Objective<CosineObjectiveOptions>("cosine", "the angle between the logits", true, o => new Cosine(o))
        .Objective<DistOptions>("dist", "correlation with the teacher, within samples and within classes", true, o => new Dist(o))
        .Objective<LogitStandardizationOptions>("logit-standardization", "another objective, of standardised logits", true, (o, _, make) => new LogitStandardization(make(o.Objective)))

        .Objective<RelationDistanceOptions>("relation-distance", "distances between the samples of a batch", true, (o, training) => new RelationDistance(o, training))
        .Objective<RelationAngleOptions>("relation-angle", "angles between the samples of a batch", true, (o, training) => new RelationAngle(o, training))
        .Objective<SimilarityPreservingOptions>("similarity-preserving", "which samples of a batch look alike", true, (o, training) => new SimilarityPreserving(o, training))
        .Objective<CorrelationCongruenceOptions>("correlation-congruence", "how the samples of a batch correlate", true, (o, training) => new CorrelationCongruence(o, training))
        .Objective<HiddenStatesOptions>("hidden-states", "difference of the hidden states of layers", true, (o, context) => new HiddenStates(o, context))
        .Objective<EmbeddingsOptions>("embeddings", "difference of the embeddings of tokens", true, (o, context) => new Embeddings(o, context))
        .Objective<AttentionScoresOptions>("attention-scores", "difference of the scores of attention before the softmax", true, (o, context) => new AttentionScores(o, context))
        .Objective<AttentionProbabilitiesOptions>("attention-probabilities", "KL divergence of whom tokens look at", true, (o, context) => new AttentionProbabilities(o, context))
        .Objective<AttentionRelationsOptions>("attention-relations", "KL divergence of how tokens relate to each other, for models of different widths", true, (o, context) => new AttentionRelations(o, context))
        .Objective<AttentionTransferOptions>("attention-transfer", "difference of where the layers of image networks respond", true, (o, context) => new AttentionTransfer(o, context))
        .Objective<HintOptions>("hint", "difference of one layer from one of the teacher's, projected", true, (o, context) => new Hint(o, context))
        .Objective<FspOptions>("fsp", "difference of the flow from layer to layer of image networks", true, (o, context) => new Fsp(o, context))
        .Objective<ContrastiveRepresentationOptions>("contrastive-representation", "tells a sample by the teacher's representation among those of others", true, (o, context) => new ContrastiveRepresentation(o, context))

        .Optimizer<SgdOptions>("sgd", "gradient descent with momentum", (groups, o) => new Sgd(groups, o))
        .Optimizer<AdamOptions>("adam", "Adam", (groups, o) => new Adam(groups, o))
        .Optimizer<AdamWOptions>("adamw", "Adam with decoupled weight decay", (groups, o) => new Adam(groups, o))
        .Optimizer<RmsPropOptions>("rmsprop", "RMSprop", (groups, o) => new RmsProp(groups, o))

        .Schedule<ConstantOptions>("constant", "stays", (steps, o) => new ConstantSchedule(steps, o))
        .Schedule<LinearOptions>("linear", "falls in a line", (steps, o) => new LinearSchedule(steps, o))
        .Schedule<CosineOptions>("cosine", "falls along half a cosine", (steps, o) => new CosineSchedule(steps, o))
        .Schedule<StepOptions>("step", "drops at given shares of the training", (steps, o) => new StepSchedule(steps, o))
        .Schedule<PlateauOptions>("plateau", "drops when the validation metric stays", (steps, o) => new PlateauSchedule(steps, o))

        .Metrics();
}
