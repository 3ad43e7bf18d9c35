using System.Text;
using Decant.Teachers.Answers.Packing;
using Decant.Teachers.Answers.Storage;

namespace Decant.Tests.Teachers.Answers;

/// <summary>Answers that can be told from each other.</summary>
internal static class MadeUpStore
{
    public static AnswerManifest Manifest => new() { Teacher = "a1b2", Name = "a teacher", Kind = AnswerKind.Logits, Vocabulary = 3, Numbers = NumberFormat.Float32 };

    public static AnswerKey KeyOf(int question) => AnswerKey.Of("settings"u8, Encoding.UTF8.GetBytes($"question {question}"));

    public static (AnswerKey, ReadOnlyMemory<byte>) Answer(int question) =>
        (KeyOf(question), new AnswerPacking(Manifest).Pack(KeyOf(question), new DenseRows(3, [.. Enumerable.Range(0, 3 * (1 + question % 4)).Select(i => question + i * 0.5f)])));

    public static void Fill(string folder, int first, int count, long fullShard = AnswerStore.FullShard)
    {
        using var store = AnswerStore.OpenOrCreate(folder, Manifest, fullShard);
        for (var question = first; question < first + count; question++)
            store.Append([Answer(question)]);
    }

    /// <summary>How many of these questions have an answer; that it is the right one is asserted.</summary>
    public static int Right(AnswerStore store, int questions)
    {
        var right = 0;
        for (var question = 0; question < questions; question++)
        {
            if (!store.TryRead(KeyOf(question), out var payload))
                continue;
            Assert.Equal(Answer(question).Item2.ToArray(), payload);
            right++;
        }

        return right;
    }

    public static string[] Shards(string folder) => [.. Directory.GetFiles(folder, "*.answers").Order(StringComparer.Ordinal)];
}
