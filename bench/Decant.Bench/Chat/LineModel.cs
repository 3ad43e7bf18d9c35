using System.Collections.Concurrent;
using System.Text.Json;
using Decant.Runs.Jobs.Prediction;

namespace Decant.Bench.Chat;

/// <summary>A model in a folder that answers one text after the other, loaded once.</summary>
internal sealed class LineModel : IDisposable
{
    private readonly BlockingCollection<PredictLine> _lines = new(1);
    private readonly BlockingCollection<string> _answers = new(1);
    private readonly Task _work;
    private long _number;

    /// <summary>Loads it in the background.</summary>
    /// <param name="folder">A model's folder, or a run's.</param>
    public LineModel(string folder) =>
        _work = Task.Factory.StartNew(() => PredictJob.Run(folder, new() { AreJson = true, BatchSize = 1 }, _lines.GetConsumingEnumerable(), _answers.Add), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The answer to a text or a pair, as a line of JSON.</summary>
    public string Answer(string text, string? pair = null)
    {
        _lines.Add(new PredictLine(++_number, JsonSerializer.Serialize(new { text, pair })));
        string? answer;
        while (!_answers.TryTake(out answer, millisecondsTimeout: 100))
        {
            if (_work.IsCompleted)
                _work.GetAwaiter().GetResult(); // throws what ended it
        }

        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.CompleteAdding();
        _work.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _lines.Dispose();
        _answers.Dispose();
    }
}
