using System.Diagnostics;
using System.Globalization;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Rollouts;

/// <summary>Texts that student and teacher write while the student learns.</summary>
/// <remarks>What is written depends on the seed, the place in the training, the weights and the kept texts alone, so that a resumed training writes the same.</remarks>
internal sealed class StudentRollouts : IRollouts
{
    private const int MostEmptyTexts = 256;
    private const string Empty = "empty", Replay = "replay.";

    private readonly RolloutOptions _options;
    private readonly RolloutModels _models;
    private readonly TextWriting _writing;
    private readonly ReplayBuffer? _replay;
    private readonly Dictionary<Batch, WrittenTexts> _open = new(ReferenceEqualityComparer.Instance);
    private readonly RolloutFigures _figures = new();
    private long _emptyInARow;
    private (IReadOnlyList<WrittenTexts> Kept, long Empty) _before = ([], 0);

    /// <summary>Nothing is written yet.</summary>
    /// <param name="options">Who writes, and how.</param>
    /// <param name="models">Student, teacher and what their texts are made of.</param>
    /// <exception cref="DecantException">The options contradict each other, or a model that is to write cannot.</exception>
    public StudentRollouts(RolloutOptions options, RolloutModels models)
    {
        (_options, _models) = (options.Checked(), models);
        if (options.Fault() is { } fault)
            throw new DecantException($"rollouts: {fault}.");
        if (models.Teacher is null && (options.Teacher.Largest > 0 || options.TeacherMix > 0))
            throw new DecantException("rollouts: the teacher is to write, and it is no language model in this process that can; leave 'teacher' and 'teacher-mix' out, or load one.");
        _writing = new TextWriting(options, models.MaxTokens, models.Stops, models.Vocabulary, models.Device);
        _replay = options.Replay is { } replay ? new ReplayBuffer(replay.Batches) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Figures => _figures.Of();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State
    {
        get
        {
            var state = (_replay?.State() ?? new Dictionary<string, Tensor>()).ToDictionary(s => Replay + s.Key, s => s.Value, StringComparer.Ordinal);
            state[Empty] = Tensor.From([_emptyInARow]);
            return state;
        }
    }

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        _emptyInARow = state.TryGetValue(Empty, out var empty) ? empty.ToArray<long>()[0] : 0;
        _replay?.Restore(state.Where(s => s.Key.StartsWith(Replay, StringComparison.Ordinal)).ToDictionary(s => s.Key[Replay.Length..], s => s.Value, StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public TaughtBatch Replace(TaughtBatch data, RolloutPoint at, CancellationToken cancellationToken)
    {
        if (at.Batch == 0)
        {
            _open.Clear();
            _figures.Begin();
            _before = (_replay?.Kept ?? [], _emptyInARow);
        }

        try
        {
            return Replaced(data, at, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The update is made again when the training goes on: what was written for it is as if it had not been.
            _replay?.Restore(_before.Kept);
            _emptyInARow = _before.Empty;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Learned(Batch batch, TeacherSignal? answer)
    {
        if (!_open.TryGetValue(batch, out var texts) || texts.Scores is not null || answer is null)
            return;
        if (_replay is not null && _models.ScoresSuffice && texts.By == TextAuthor.Student)
            texts.Scores = Scores(answer, batch);
    }

    private TaughtBatch Replaced(TaughtBatch data, RolloutPoint at, CancellationToken cancellationToken)
    {

        var key = Rng.Mix(Rng.Mix(_models.Seed + (ulong)at.Step) + (ulong)at.Batch);
        if (Next(data.Batch, at, key, cancellationToken) is not { } texts)
            return data;
        data.Dispose();
        var batch = texts.ToBatch(_models.Pad, _models.Vocabulary).MoveTo(_models.Device);
        _open[batch] = texts;
        return new TaughtBatch(batch, texts.Scores is { } scores && _models.ScoresSuffice ? new TokenScores(TensorScope.Own(Tensor.From(scores).To(_models.Device))) : null);
    }

    private WrittenTexts? Next(Batch data, RolloutPoint at, ulong key, CancellationToken cancellationToken)
    {
        var rng = Rng.For(key, 1);
        var (who, again, which) = (rng.NextDouble(), rng.NextDouble(), rng.NextUInt64());
        var student = _options.Student.At(at.Progress);
        if (who < student)
            return again < _options.Replay?.Share && _replay!.Count > 0 ? _replay[(int)(which % (ulong)_replay.Count)] : ByStudent(data, key, cancellationToken);
        return who < student + _options.Teacher.At(at.Progress) ? Write(_models.Teacher!, TextAuthor.Teacher, data, key, cancellationToken) : null;
    }

    private WrittenTexts ByStudent(Batch data, ulong key, CancellationToken cancellationToken)
    {
        var student = (ICausalModel)_models.Student;
        _models.Student.Eval();
        var texts = Write(_options.TeacherMix > 0 ? new MixedModel(CutModel.Of(_models.Teacher!, _models.Vocabulary), CutModel.Of(student, _models.Vocabulary), _options.TeacherMix) : student, TextAuthor.Student, data, key, cancellationToken);
        _replay?.Add(texts);
        CheckEmpty(texts);
        return texts;
    }

    private WrittenTexts Write(ICausalModel model, TextAuthor by, Batch data, ulong key, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var texts = _writing.Write(model, by, data.Ids, Prompts.Of(data, _options.PromptTokens), key, cancellationToken);
        _figures.Add(texts, _models.Stops, began);
        return texts;
    }

    private void CheckEmpty(WrittenTexts texts)
    {
        var isEmpty = texts.Tokens.All(t => t.Length == 1 && _models.Stops.Contains(t[0]));
        _emptyInARow = isEmpty ? _emptyInARow + texts.Tokens.Length : 0;
        if (_emptyInARow >= MostEmptyTexts)
        {
            throw new DecantException(string.Create(CultureInfo.InvariantCulture,
                $"The student ended each of the last {_emptyInARow:N0} texts that it was to write before the first token, so there is nothing to learn from. Look whether the prompts end as those that the teacher knows, begin from a student that was trained on data, or lower 'rollouts.student'."),
                ExitCodes.Diverged);
        }
    }

    private static float[] Scores(TeacherSignal answer, Batch batch)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        if (answer is TokenScores known)
            return known.LogProbabilities.ToArray<float>();
        var classes = (answer as ChunkedHeadLogits)?.Head.Weight.Size(0) ?? ((DenseLogits)answer).Logits.Size(-1);
        var scores = new List<float>(batch.Rows);
        foreach (var (first, count) in LogitChunks.Of(batch.Rows, classes))
        {
            using var part = TensorScope.Open();
            var logits = ((DenseLogits)answer.Rows(first, count)).Logits.To(DType.Float32);
            var written = logits.Gather(-1, batch.Written!.Tokens.Narrow(0, first, count).Unsqueeze(-1)).Squeeze(-1);
            scores.AddRange((written - logits.LogSumExp(-1)).ToArray<float>());
        }

        return [.. scores];
    }
}
