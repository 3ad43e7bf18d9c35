using Decant.Data;
using Decant.Data.Batching;
using Decant.Teachers.Answers;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Tests.Teachers.Answers;

public class InputKeysTests
{
    [Fact]
    public void Padding_and_neighbours_are_not_in_a_key()
    {
        var alone = Keys([5], [[7, 8]]);
        var padded = Keys([4, 5], [[1, 2, 3, 4], [7, 8]]);
        Assert.Equal(alone[0], padded[1]);
        Assert.NotEqual(padded[0], padded[1]);
    }

    [Fact]
    public void Other_tokens_another_sample_and_other_rows_are_another_question()
    {
        var key = Keys([5], [[7, 8]])[0];
        Assert.NotEqual(key, Keys([5], [[7, 9]])[0]);
        Assert.NotEqual(key, Keys([5], [[7]])[0]);
        Assert.NotEqual(key, Keys([6], [[7, 8]])[0]);
        Assert.NotEqual(key, Keys([5], [[7, 8]], rows: 2)[0]);
    }

    [Fact]
    public void A_pair_of_inputs_is_one_question()
    {
        var both = Keys([5, 6], [[1, 2], [3], [4], [5, 6]], rows: 2);
        Assert.Equal(both[1], Keys([6], [[4], [5, 6]], rows: 2)[0]);
        Assert.NotEqual(both[1], Keys([6], [[4], [5, 7]], rows: 2)[0]);
    }

    private static AnswerKey[] Keys(ulong[] ids, long[][] texts, int rows = 1)
    {
        var width = texts.Max(text => text.Length);
        using var batch = new Batch(
            Tensor.From(texts.SelectMany(text => text.Concat(new long[width - text.Length])).ToArray(), texts.Length, width), Tensor.From(new long[ids.Length * rows]), 0, [.. ids.Select(id => new SampleId(id))],
            Tensor.From(texts.SelectMany(text => Enumerable.Range(0, width).Select(at => at < text.Length)).ToArray(), texts.Length, width))
        {
            RowsPerSample = [.. ids.Select(_ => rows)],
        };
        return InputKeys.Of(batch);
    }
}
