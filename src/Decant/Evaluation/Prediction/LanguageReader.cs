using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation.Language;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Evaluation.Prediction;

/// <summary>Sums the tokens' negative log-likelihood, text by text; logits are made, measured and released some rows at a time.</summary>
internal sealed class LanguageReader(Model model, Model? teacher, Func<SampleId, long?>? bytesOf, TextUnits? units = null, long partElements = LogitChunks.Elements) : AnswerReader(model, teacher)
{
    private readonly SortedDictionary<ulong, Sums> _texts = [];
    private readonly SortedDictionary<ulong, Sums> _units = [];

    private bool ComparesTeacher => Teacher is not null && Teacher.Classes == Model.Classes;

    protected override void Read(Batch batch)
    {
        var rows = new LogitRows(Model, InputFor(Model, batch));
        AnswerFaults.CheckRows(batch, rows.Count);
        var others = !ComparesTeacher ? null : Teacher == Model ? rows : new LogitRows(Teacher!, InputFor(Teacher!, batch));
        var labels = batch.Labels.ToArray<long>();
        CheckLabels(labels, batch);
        var owners = Owners(batch);
        var unitOwners = units is null ? null : UnitOwners(batch, units);
        foreach (var (first, count) in LogitChunks.Of(batch.Rows, Model.Classes, partElements))
        {
            using var scope = TensorScope.Open();
            Add(rows, others, batch.Labels, labels, (owners, unitOwners), first, count);
        }
    }

    protected override TaskAnswers Finish() => units is null
        ? new LanguageAnswers(Samples(_texts))
        : new LanguageAnswers(Samples(_texts), Samples(_units), units.Name);

    private LanguageSample[] Samples(SortedDictionary<ulong, Sums> sums) => [.. sums.Select(t => t.Value.ToSample(t.Key, ComparesTeacher))];

    private static void Add(LogitRows rows, LogitRows? others, Tensor labelTensor, long[] labels, (Sums[] Texts, Sums[]? Units) owners, long start, long count)
    {
        var log = rows.LogProbabilities(start, count); // [n, V]
        var part = labelTensor.Narrow(0, start, count);
        var wanted = part.MaskedFill(part.Less(0), 0).Unsqueeze(1); // unlabelled rows are skipped below
        var right = log.Gather(1, wanted).Squeeze(1).ToArray<float>();
        var top = log.ArgMax(1).ToArray<long>();
        float[]? divergence = null;
        long[]? otherTop = null;
        if (others is not null)
        {
            var otherLog = others.LogProbabilities(start, count);
            otherTop = otherLog.ArgMax(1).ToArray<long>();
            divergence = otherLog.Exp().Mul(otherLog - log).Sum(1).ToArray<float>();
        }

        for (var i = 0; i < count; i++)
        {
            if (labels[start + i] == Batch.NoLabel)
                continue;
            var (isHit, isSame) = (top[i] == labels[start + i], top[i] == otherTop?[i]);
            var kl = Math.Max(0, divergence?[i] ?? 0); // rounding alone can make it negative
            owners.Texts[start + i].Add(-right[i], isHit, kl, isSame);
            owners.Units?[start + i].Add(-right[i], isHit, kl, isSame);
        }
    }

    /// <summary>The text that each row belongs to.</summary>
    private Sums[] Owners(Batch batch)
    {
        var owners = new Sums[batch.Rows];
        var row = 0;
        for (var b = 0; b < batch.Size; b++)
        {
            if (!_texts.TryGetValue(batch.Ids[b].Value, out var sums))
                _texts[batch.Ids[b].Value] = sums = new Sums();
            sums.Bytes += batch.BytesPerSample?[b] ?? bytesOf?.Invoke(batch.Ids[b]); // unknown once is unknown
            for (var end = row + RowsOf(batch, b); row < end; row++)
                owners[row] = sums;
        }

        return owners;
    }

    /// <summary>The document or block that each row's token belongs to, with that token's bytes added where the batch knows bytes.</summary>
    private Sums[] UnitOwners(Batch batch, TextUnits text)
    {
        if (batch.FirstLabels is not { } first || batch.Positions is not { } asked)
            throw new DecantException("The samples are to be measured by the documents of a running text, and a batch does not say where in it they stand; leave out the units of the task.");
        var positions = asked.ToArray<long>(); // [R], each b·T + t
        var width = batch.Values.Size(1);
        var owners = new Sums[batch.Rows];
        for (var row = 0; row < owners.Length; row++)
        {
            var token = first[(int)(positions[row] / width)] + positions[row] % width;
            var unit = (ulong)text.Of(token);
            if (!_units.TryGetValue(unit, out var sums))
                _units[unit] = sums = new Sums();
            sums.Bytes += batch.BytesPerSample is null ? null : text.BytesOf(token);
            owners[row] = sums;
        }

        return owners;
    }

    private void CheckLabels(long[] labels, Batch batch)
    {
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] != Batch.NoLabel && (ulong)labels[i] >= (ulong)Model.Classes)
                throw new DecantException(
                    $"Row {i} of a batch that begins with sample {batch.Ids[0]} asks for token {labels[i]}; the model's vocabulary is 0 to {Model.Classes - 1}. " +
                    "Use the tokenizer that the model was trained with.");
    }

    private sealed class Sums
    {
        public long? Bytes { get; set; } = 0;
        public long Rows { get; set; }
        public double Nll { get; set; }
        public long Hits { get; set; }
        public double Kl { get; set; }
        public long Same { get; set; }

        public void Add(double nll, bool isHit, double kl, bool isSame)
        {
            Rows++;
            Nll += nll;
            Hits += isHit ? 1 : 0;
            Kl += kl;
            Same += isSame ? 1 : 0;
        }

        public LanguageSample ToSample(ulong key, bool compares) =>
            new(key, Rows, Nll, Hits, Bytes, compares ? Kl : null, compares ? Same : null);
    }
}
