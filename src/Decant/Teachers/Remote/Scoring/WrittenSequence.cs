using Decant.Data.Batching;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>A prompt with what was written after it.</summary>
/// <param name="Ids">All tokens.</param>
/// <param name="Prompt">How many of them are the prompt; 1 or more.</param>
internal sealed record WrittenSequence(int[] Ids, int Prompt)
{
    /// <summary>The texts of a batch that a model wrote, in the order of its rows: as many rows each as tokens were written.</summary>
    public static WrittenSequence[] Of(Batch batch)
    {
        var written = batch.Written!.Tokens.ToArray<long>();                    // [R]
        var (values, positions) = (batch.Values.ToArray<long>(), batch.Positions!.ToArray<long>()); // [B·T], [R]
        var width = (int)batch.Values.Size(1);
        var texts = new WrittenSequence[batch.Size];
        var row = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            // The row of the last prompt token predicts the first that was written.
            var (count, prompt) = (batch.RowsPerSample![i], (int)(positions[row] - ((long)i * width)) + 1);
            texts[i] = new([.. values.AsSpan(i * width, prompt).ToArray().Concat(written.AsSpan(row, count).ToArray()).Select(id => (int)id)], prompt);
            row += count;
        }

        return texts;
    }
}
