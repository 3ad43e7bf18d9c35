using Decant.Torch;

namespace Decant.Data;

/// <summary>What all collators do alike.</summary>
internal static class CollatorParts
{
    private const ulong Purpose = 0x6175676D656E74; // keeps this use of a seed apart from others

    public static Rng ChanceOf(Sample sample, ulong seed, int epoch) => Rng.For(seed, Purpose, (ulong)epoch, sample.Id.Value);

    public static T Content<T>(Sample sample, string expected) where T : SampleContent => sample.Content as T
        ?? throw new DecantException($"Sample {sample.Id}: expected {expected}, came {sample.Content.GetType().Name}; the source and 'input' do not fit together.");

    public static Batch ToBatch(IReadOnlyList<Sample> samples, Tensor values, Tensor? attentionMask = null, Tensor? tokenTypes = null)
    {
        var labels = new long[samples.Count];
        var ids = new SampleId[samples.Count];
        var labelled = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            ids[i] = samples[i].Id;
            labels[i] = samples[i].Label ?? Batch.NoLabel;
            if (samples[i].Label is not null) labelled++;
        }

        return new Batch(values, Tensor.From(labels), labelled, ids, attentionMask, tokenTypes);
    }
}
