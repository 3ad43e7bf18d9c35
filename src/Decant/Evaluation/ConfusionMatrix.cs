namespace Decant.Evaluation;

/// <summary>How often each class was taken for each: rows are labels, columns are answers.</summary>
internal sealed class ConfusionMatrix
{
    private readonly int[] _cells;

    private ConfusionMatrix(int classes) => (Classes, _cells) = (classes, new int[classes * classes]);

    /// <summary>C, the number of classes.</summary>
    public int Classes { get; }

    /// <summary>N, the number of samples counted.</summary>
    public int Count { get; private set; }

    /// <summary>How many samples of class <paramref name="label"/> were answered with <paramref name="answer"/>.</summary>
    public int this[int label, int answer] => _cells[label * Classes + answer];

    /// <summary>Counts one model's answers.</summary>
    public static ConfusionMatrix Of(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var matrix = new ConfusionMatrix(predictions.Classes) { Count = predictions.Count };
        for (var i = 0; i < predictions.Count; i++)
            matrix._cells[predictions.Labels[i] * matrix.Classes + predictions.Answers[i]]++;
        return matrix;
    }

    /// <summary>How many samples have this label.</summary>
    public int Support(int label)
    {
        var sum = 0;
        for (var c = 0; c < Classes; c++)
            sum += this[label, c];
        return sum;
    }

    /// <summary>How many samples were answered with this class.</summary>
    public int Answered(int answer)
    {
        var sum = 0;
        for (var c = 0; c < Classes; c++)
            sum += this[c, answer];
        return sum;
    }

    /// <summary>A copy of the counts, one array per label.</summary>
    public int[][] ToRows()
    {
        var rows = new int[Classes][];
        for (var label = 0; label < Classes; label++)
            rows[label] = _cells.AsSpan(label * Classes, Classes).ToArray();
        return rows;
    }
}
