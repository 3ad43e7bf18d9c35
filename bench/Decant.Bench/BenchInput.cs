using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Bert;
using Decant.Models.Decoder;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Torch;

namespace Decant.Bench;

/// <summary>The made-up samples of a workload, seeded: in memory for our side, as plain tensors for the other.</summary>
/// <remarks>Random pixels and tokens cost what real ones cost; nothing can be learned from them.</remarks>
internal sealed class BenchInput
{
    public const double Mean = 0.5;
    public const double Deviation = 0.25;
    private const ulong Purpose = 0x62656E6368; // keeps this use of the seed apart from others

    private readonly Workload _workload;
    private readonly byte[][] _images;
    private readonly int[][] _texts;
    private readonly int[] _labels;

    public BenchInput(Workload workload)
    {
        _workload = workload;
        var rng = Rng.For(workload.Seed, Purpose);
        _labels = new int[workload.Samples];
        for (var i = 0; i < _labels.Length; i++)
            _labels[i] = workload.Sequence > 0 ? 0 : rng.Next(workload.Student.Classes);
        _images = workload.IsText ? [] : [.. Enumerable.Range(0, workload.Samples).Select(_ => Image(ref rng))];
        _texts = workload.IsText ? [.. Enumerable.Range(0, workload.Samples).Select(_ => Text(ref rng))] : [];
        Tokenizer = workload.IsText ? new NumberTokenizer(VocabularySize) : null;
        var samples = Enumerable.Range(0, workload.Samples).Select(Sample);
        Dataset = workload.Sequence > 0
            ? Dataset.From($"bench {workload.Name}", samples).WithOwnLabels()
            : Dataset.From($"bench {workload.Name}", samples, workload.Student.ClassNames);
    }

    public NumberTokenizer? Tokenizer { get; }

    public Dataset Dataset { get; }

    /// <summary>All samples once, or all views of them, as a run asks its teacher beforehand.</summary>
    public IBatchSource All => _workload.Views is { } views
        ? new AllViews(new BatchSource(Dataset, Collator(augment: true), new BatchOptions { Size = _workload.Batch, Views = views }), views)
        : new BatchSource(Dataset, Collator(augment: false), new BatchOptions { Size = _workload.Batch });

    /// <summary>The shape of every sample as a model gets it: [C, H, W], or [T] of the text's own tokens.</summary>
    public IEnumerable<long[]> Shapes => _workload.IsText
        ? _texts.Select(text => new[] { (long)(_workload.Sequence > 0 ? _workload.Sequence : text.Length + 2) })
        : _images.Select(_ => Array.ConvertAll(_workload.Image.ToArray(), size => (long)size));

    /// <summary>The batches of a training.</summary>
    /// <param name="augment">Whether samples vary.</param>
    /// <param name="ofViews">Whether they vary as often as the workload's views; false: without end.</param>
    public IBatchSource Batches(bool augment, bool ofViews = false) =>
        new BatchSource(Dataset, Collator(augment), _workload.Batches with { Views = ofViews ? _workload.Views : null });

    /// <summary>The same samples, and the order of every epoch, for the other side.</summary>
    public Dictionary<string, Tensor> ToTensors()
    {
        var tensors = new Dictionary<string, Tensor> { ["order"] = Tensor.From(Order(), _workload.Epochs, _workload.Samples) };
        if (_workload.Sequence > 0)
        {
            tensors["ids"] = Tensor.From([.. _texts.SelectMany(text => text).Select(id => (long)id)], _workload.Samples, _workload.Sequence + 1);
            return tensors;
        }

        tensors["labels"] = Tensor.From(Array.ConvertAll(_labels, label => (long)label));
        if (_workload.IsText)
        {
            tensors["ids"] = Tensor.From([.. _texts.SelectMany(Padded)], _workload.Samples, _workload.Tokens.Most);
            tensors["lengths"] = Tensor.From([.. _texts.Select(text => text.Length + 2L)]);
        }
        else
        {
            tensors["images"] = Tensor.From([.. _images.SelectMany(image => image)], [_workload.Samples, .. _workload.Image.Select(size => (long)size)]);
        }

        return tensors;
    }

    private ICollator Collator(bool augment) => Tokenizer is { } tokenizer
        ? _workload.Sequence > 0 ? new CausalCollator(tokenizer, _workload.Sequence, endOfText: 0) : new TextCollator(tokenizer, _workload.Tokens.Most)
        : new ImageCollator(PerChannel(Mean), PerChannel(Deviation), augment ? new AugmentOptions { CropPadding = 4, Flip = true } : null);

    private int VocabularySize => _workload.Student switch
    {
        BertConfig bert => bert.VocabSize,
        LstmConfig lstm => lstm.VocabSize,
        LstmLanguageConfig lstm => lstm.VocabSize,
        DecoderConfig decoder => decoder.VocabSize,
        var other => throw new ArgumentException($"{other.GetType().Name} reads no text."),
    };

    private long[] Order() => [.. Enumerable.Range(0, _workload.Epochs)
        .SelectMany(epoch => BatchPlan.Make(_workload.Samples, _workload.IsText ? Dataset.LengthOf : null, _workload.Batches, epoch))
        .SelectMany(batch => batch)
        .Select(index => (long)index)];

    private IEnumerable<long> Padded(int[] text)
    {
        var ids = Tokenizer!.EncodeForModel(string.Join(' ', text), null, _workload.Tokens.Most).Ids;
        return ids.Select(id => (long)id).Concat(Enumerable.Repeat((long)Tokenizer.Special.Filler, _workload.Tokens.Most - ids.Length));
    }

    private (SampleContent Content, string? Label) Sample(int index)
    {
        if (_workload.Sequence > 0)
            return (new TokenContent(_texts[index], _workload.Sequence), null);
        SampleContent content = _workload.IsText
            ? new TextContent(string.Join(' ', _texts[index]))
            : new ImageContent(_images[index], _workload.Image[0], _workload.Image[1], _workload.Image[2]);
        return (content, _workload.Student.ClassNames[_labels[index]]);
    }

    private byte[] Image(ref Rng rng)
    {
        var pixels = new byte[_workload.Image.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)rng.Next(256);
        return pixels;
    }

    private int[] Text(ref Rng rng)
    {
        var words = new int[_workload.Sequence > 0 ? _workload.Sequence + 1 : rng.NextBetween(_workload.Tokens.Least, _workload.Tokens.Most) - 2];
        for (var i = 0; i < words.Length; i++)
            words[i] = rng.NextBetween(NumberTokenizer.FirstWord, VocabularySize - 1);
        return words;
    }

    private double[] PerChannel(double value) => [.. Enumerable.Repeat(value, _workload.Image[0])];
}
