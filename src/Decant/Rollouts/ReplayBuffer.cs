using Decant.Data;
using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>The student's latest texts, with the teacher's scores of them where they are known.</summary>
/// <param name="capacity">How many batches.</param>
internal sealed class ReplayBuffer(int capacity)
{
    private readonly List<WrittenTexts> _kept = [];

    public int Count => _kept.Count;

    public WrittenTexts this[int index] => _kept[index];

    /// <summary>All of it, as it is now.</summary>
    public IReadOnlyList<WrittenTexts> Kept => [.. _kept];

    /// <summary>Takes what <see cref="Kept"/> gave.</summary>
    public void Restore(IReadOnlyList<WrittenTexts> kept)
    {
        _kept.Clear();
        _kept.AddRange(kept);
    }

    /// <summary>Keeps texts, and forgets the oldest where there are too many.</summary>
    public void Add(WrittenTexts texts)
    {
        _kept.Add(texts);
        if (_kept.Count > capacity)
            _kept.RemoveAt(0);
    }

    /// <summary>All of it by name: of each batch the samples, the lengths of prompts and texts, their tokens, probabilities and scores.</summary>
    public IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var i = 0; i < _kept.Count; i++)
        {
            var texts = _kept[i];
            Put("samples", [.. texts.Samples.Select(s => unchecked((long)s.Value))]);
            Put("prompts", [.. texts.Prompts.Select(p => (long)p.Length)]);
            Put("texts", [.. texts.Tokens.Select(t => (long)t.Length)]);
            Put("tokens", [.. texts.Prompts.Concat(texts.Tokens).SelectMany(ids => ids).Select(id => (long)id)]);
            state[$"{i}.drawn"] = Tensor.From([.. texts.LogProbabilities.SelectMany(p => p)]);
            if (texts.Scores is { } scores)
                state[$"{i}.scores"] = Tensor.From(scores);

            void Put(string name, long[] numbers) => state[$"{i}.{name}"] = Tensor.From(numbers);
        }

        return state;
    }

    /// <summary>Takes what <see cref="State"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        _kept.Clear();
        for (var i = 0; state.TryGetValue($"{i}.samples", out var samples); i++)
        {
            long[] Numbers(string name) => state[$"{i}.{name}"].ToArray<long>();
            int[] tokens = [.. Numbers("tokens").Select(id => (int)id)];
            var (prompts, texts) = (Numbers("prompts"), Numbers("texts"));
            var all = Cut<int>(tokens, [.. prompts, .. texts]);
            _kept.Add(new WrittenTexts(
                TextAuthor.Student, [.. samples.ToArray<long>().Select(s => new SampleId(unchecked((ulong)s)))], all[..prompts.Length], all[prompts.Length..], Cut<float>(state[$"{i}.drawn"].ToArray<float>(), texts))
            {
                Scores = state.GetValueOrDefault($"{i}.scores")?.ToArray<float>(),
            });
        }
    }

    private static T[][] Cut<T>(T[] all, long[] lengths)
    {
        var (parts, at) = (new T[lengths.Length][], 0);
        for (var i = 0; i < parts.Length; at += (int)lengths[i++])
            parts[i] = all[at..(at + (int)lengths[i])];
        return parts;
    }
}
