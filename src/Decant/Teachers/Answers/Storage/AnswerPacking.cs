using System.Buffers;
using Decant.Teachers.Answers.Packing;

namespace Decant.Teachers.Answers.Storage;

/// <summary>Makes payloads of a store's kind, and reads them.</summary>
/// <param name="manifest">The store's manifest.</param>
internal sealed class AnswerPacking(AnswerManifest manifest)
{
    private bool IsDense => manifest.Kind is AnswerKind.Logits or AnswerKind.Scores or AnswerKind.Vectors or AnswerKind.States;

    private DenseCodec Numbers => new(manifest.Numbers == NumberFormat.Float16);

    private TopCodec Top => new(manifest.K, manifest.Vocabulary);

    private SampledCodec Sampled => new(manifest.Draws, manifest.Vocabulary, manifest.Exponent != 1);

    /// <summary>Packs a teacher's numbers: as they are, or the k largest, or drawn.</summary>
    /// <param name="key">The key of the question, which the draws depend on.</param>
    /// <param name="rows">The answer: rows of logits for a store of logits, top-k or sampled answers.</param>
    /// <exception cref="DecantException">The rows have another width than the store.</exception>
    public byte[] Pack(AnswerKey key, DenseRows rows)
    {
        if (rows.Width != manifest.Vocabulary)
            throw new DecantException($"The teacher answered {rows.Width:N0} numbers a row, and its store holds {manifest.Vocabulary:N0}. Use a store of this teacher.");
        var output = new ArrayBufferWriter<byte>();
        switch (manifest.Kind)
        {
            case AnswerKind.TopK:
                Top.Pack([.. Enumerable.Range(0, rows.Count).Select(row => TopRow.Of(RowOf(rows, row), manifest.K, manifest.Temperature))], output);
                break;
            case AnswerKind.Sampled:
                Sampled.Pack(Draw(key, rows), output);
                break;
            default:
                Require(IsDense, "numbers");
                Numbers.Pack(rows, output);
                break;
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Packs texts.</summary>
    public byte[] Pack(IReadOnlyList<string> texts)
    {
        Require(manifest.Kind == AnswerKind.Texts, "texts");
        var output = new ArrayBufferWriter<byte>();
        TextCodec.Pack(texts, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads rows of numbers.</summary>
    /// <exception cref="InvalidDataException">The payload is something else.</exception>
    public DenseRows Dense(ReadOnlySpan<byte> payload)
    {
        Require(IsDense, "numbers");
        var rows = Numbers.Unpack(payload);
        return rows.Width == manifest.Vocabulary ? rows : throw new InvalidDataException($"rows of {rows.Width} numbers in a store of {manifest.Vocabulary}");
    }

    /// <summary>Reads the k largest of rows.</summary>
    /// <exception cref="InvalidDataException">The payload is something else.</exception>
    public TopRow[] TopK(ReadOnlySpan<byte> payload)
    {
        Require(manifest.Kind == AnswerKind.TopK, "top-k answers");
        return Top.Unpack(payload);
    }

    /// <summary>Reads what was drawn.</summary>
    /// <exception cref="InvalidDataException">The payload is something else.</exception>
    public SampledRow[] Drawn(ReadOnlySpan<byte> payload)
    {
        Require(manifest.Kind == AnswerKind.Sampled, "sampled answers");
        return Sampled.Unpack(payload);
    }

    /// <summary>Reads texts.</summary>
    /// <exception cref="InvalidDataException">The payload is something else.</exception>
    public string[] Texts(ReadOnlySpan<byte> payload)
    {
        Require(manifest.Kind == AnswerKind.Texts, "texts");
        return TextCodec.Unpack(payload);
    }

    /// <summary>Reads an answer of any kind, to see that it can be read.</summary>
    /// <param name="payload">The payload.</param>
    /// <returns>Its rows, or texts, and by how much a number of it may be off; 0 where none is.</returns>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public (int Rows, float Error) Examine(ReadOnlySpan<byte> payload) => manifest.Kind switch
    {
        AnswerKind.TopK => (TopK(payload) is var top ? top.Length : 0, top.SelectMany(row => row.LogProbabilities).Select(new DenseCodec(isHalf: true).ErrorAt).DefaultIfEmpty(0).Max()),
        AnswerKind.Sampled => (Drawn(payload).Length, 0),
        AnswerKind.Texts => (Texts(payload).Length, 0),
        _ => (Dense(payload) is var dense ? dense.Count : 0, dense.Values.Select(Numbers.ErrorAt).DefaultIfEmpty(0).Max()),
    };

    private static ReadOnlySpan<float> RowOf(DenseRows rows, int row) => rows.Values.AsSpan(row * rows.Width, rows.Width);

    private SampledRow[] Draw(AnswerKey key, DenseRows rows)
    {
        var sampler = new DistributionSampler(manifest.Draws, manifest.Temperature, manifest.Exponent);
        var random = new SplitMix(key.Seed);
        var drawn = new SampledRow[rows.Count];
        for (var row = 0; row < drawn.Length; row++)
            drawn[row] = sampler.Draw(RowOf(rows, row), ref random);
        return drawn;
    }

    private void Require(bool isSo, string what)
    {
        if (!isSo)
            throw new InvalidOperationException($"A store of {manifest.Kind} has no {what}.");
    }
}
