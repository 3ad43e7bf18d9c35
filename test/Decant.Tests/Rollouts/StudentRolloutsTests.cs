using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Sequence;
using Decant.Rollouts;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;

namespace Decant.Tests.Rollouts;

public sealed class StudentRolloutsTests
{
    private static readonly RolloutOptions s_options = new() { MaxNewTokens = 6 };

    [Fact]
    public void A_batch_is_the_prompts_and_what_the_student_wrote_with_the_probabilities_that_it_drew_with()
    {
        using var run = new WritingRun(s_options, new());
        using var scope = TensorScope.Open();
        using var written = run.Rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(0, 0, 0), default);
        var batch = written.Batch;
        Assert.Equal(TextAuthor.Student, batch.Author);
        Assert.Equal(0, batch.LabelledCount);
        var (values, positions, tokens) = (batch.Values.ToArray<long>(), batch.Positions!.ToArray<long>(), batch.Written!.Tokens.ToArray<long>());
        var width = (int)batch.Values.Size(1);
        int[][] prompts = [[3, 1], [9], [1, 8, 9, 7]];
        var row = 0;
        for (var i = 0; i < prompts.Length; i++)
        {
            Assert.Equal(prompts[i].Select(id => (long)id), values.AsSpan(i * width, prompts[i].Length).ToArray());
            var rows = batch.RowsPerSample![i];
            Assert.InRange(rows, 1, 6);
            for (var t = 0; t < rows; t++, row++)
            {
                Assert.Equal((i * width) + prompts[i].Length - 1 + t, positions[row]);
                // All but the last are read on; nothing follows an end of text.
                if (t < rows - 1)
                    Assert.Equal(values[positions[row] + 1], tokens[row]);
                Assert.True(t < rows - 1 ? tokens[row] != WritingRun.End : rows == 6 || tokens[row] == WritingRun.End);
            }
        }

        Assert.Equal(batch.Rows, row);
        run.Student.Eval();
        using var noGrad = Autograd.NoGrad();
        var logQ = run.Student.Forward(batch.ToInput()).LogSoftmax(-1).Gather(-1, batch.Written.Tokens.Unsqueeze(-1)).Squeeze(-1);
        Assert.Equal(logQ.ToArray<float>().Select(p => Math.Round(p, 3)), batch.Written.LogProbabilities.ToArray<float>().Select(p => Math.Round(p, 3)));
    }

    [Fact]
    public void Teacher_mixed_tokens_are_drawn_from_the_mixture()
    {
        using var run = new WritingRun(s_options with { TeacherMix = 0.3 }, new());
        using var scope = TensorScope.Open();
        using var written = run.Rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(0, 0, 0), default);
        var batch = written.Batch;
        run.Student.Eval();
        using var noGrad = Autograd.NoGrad();
        Tensor Of(Model model) => model.Forward(batch.ToInput()).Softmax(-1).Gather(-1, batch.Written!.Tokens.Unsqueeze(-1)).Squeeze(-1);
        var mixture = (Of(run.Teacher) * 0.3 + Of(run.Student) * 0.7).ToArray<float>();
        Assert.All(mixture.Zip(batch.Written!.LogProbabilities.ToArray<float>()), pair => Assert.Equal(pair.First, Math.Exp(pair.Second), 1e-4));
    }

    [Fact]
    public void What_the_teacher_writes_has_labels_and_greedy_text_is_the_likeliest()
    {
        using var run = new WritingRun(s_options with { Student = 0, Teacher = 1, SamplingTemperature = 0 }, new());
        using var scope = TensorScope.Open();
        using var written = run.Rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(0, 0, 0), default);
        var batch = written.Batch;
        Assert.Equal(TextAuthor.Teacher, batch.Author);
        Assert.Equal(batch.Rows, batch.LabelledCount);
        using var noGrad = Autograd.NoGrad();
        Assert.Equal(run.Teacher.Forward(batch.ToInput()).ArgMax(-1).ToArray<long>(), batch.Labels.ToArray<long>());
    }

    [Fact]
    public void Padding_and_prompts_change_nothing()
    {
        using var run = new WritingRun(s_options, new());
        using var scope = TensorScope.Open();
        using var together = run.Rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(0, 0, 0), default);
        var batch = together.Batch;
        var texts = Split(batch);
        Assert.True(texts.Select(t => t.Prompts[0].Length + t.Tokens[0].Length).Distinct().Count() > 1, "the texts are of one length: nothing is padded");
        foreach (var options in new OnPolicy[] { new(), new() { Granularity = Granularity.Sampled, Future = 1 }, new() { Granularity = Granularity.TopK, K = 3, Future = 0.5 } })
        {
            var objective = new OnPolicyObjective(options);
            var alone = texts.Sum(text =>
            {
                using var one = text.ToBatch(pad: 7, WritingRun.Vocabulary);
                return Loss(run, objective, one);
            });
            Assert.Equal(alone, Loss(run, objective, batch), 1e-3);
        }
    }

    [Fact]
    public void Texts_of_unlike_lengths_are_computed_in_groups_with_the_states_and_gradients_of_the_whole()
    {
        using var run = new WritingRun(s_options, new());
        using var scope = TensorScope.Open();
        int[] lengths = [1, 9, 2, 8, 1, 3, 1, 10, 2];
        using var batch = new WrittenTexts(TextAuthor.Student, [.. lengths.Select((_, i) => new SampleId((ulong)i))], [.. lengths.Select((_, i) => new[] { i + 1, 3 })],
            [.. lengths.Select(n => Enumerable.Range(1, n).ToArray())], [.. lengths.Select(n => new float[n])]).ToBatch(pad: 0, WritingRun.Vocabulary);
        var student = (ChunkedHeadModel)run.Student;
        student.Eval();
        var calls = 0;
        using var counted = new Counted(student, () => calls++);
        var (whole, grouped) = (student.States(batch.ToInput()), LengthGroups.States(counted, batch, batch.ToInput()));
        Assert.Equal(3, calls);
        Assert.All(whole.ToArray<float>().Zip(grouped.ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Tensor[] weights = [.. student.NamedParameters().Select(p => p.Value).Where(p => p.Shape.Length == 2)];
        var (expected, actual) = (Autograd.Grad([whole.Square().Sum()], weights, allowUnused: true), Autograd.Grad([grouped.Square().Sum()], weights, allowUnused: true));
        for (var i = 0; i < weights.Length; i++)
            Assert.All((expected[i]?.ToArray<float>() ?? []).Zip(actual[i]?.ToArray<float>() ?? []), pair => Assert.Equal(pair.First, pair.Second, 1e-2f + (1e-3f * Math.Abs(pair.First))));
    }

    [Fact]
    public void Stopped_after_any_of_fifty_updates_it_goes_on_to_the_same_bits_with_texts_that_are_kept()
    {
        var options = s_options with { Student = new LinearScalar { From = 0.6, To = 1 }, Replay = new() { Share = 0.4, Batches = 5 } };
        var objective = new OnPolicy { Granularity = Granularity.Sampled, Future = 1, Center = true, Importance = ImportanceWeights.Token };
        using var whole = new WritingRun(options, objective, epochs: 26);
        whole.Run();
        Assert.Equal(52, whole.Observer.Steps.Count);
        for (var step = 1; step <= 50; step++)
        {
            using var stop = new CancellationTokenSource();
            using var first = new WritingRun(options, objective, atStep: s => { if (s == step) stop.Cancel(); }, epochs: 26);
            Assert.Equal(step, first.Run(cancellationToken: stop.Token).Steps);
            using var snapshot = first.Loop.Capture();
            using var second = new WritingRun(options, objective, epochs: 26);
            second.Run(snapshot);
            Assert.Equal(whole.Weights, second.Weights);
            Assert.Equal(whole.Observer.Steps.Skip(step).Select(s => s.Loss), second.Observer.Steps.Select(s => s.Loss));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Broken_off_while_it_writes_it_goes_on_as_if_it_had_not_begun(int batch)
    {
        var options = s_options with { Replay = new() { Share = 0.01, Batches = 5 } };
        using var whole = new WritingRun(options, new());
        using var other = new WritingRun(options, new());
        foreach (var run in new[] { whole, other })
        {
            for (var i = 0; i < 2; i++)
                run.Rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(0, i, 0), default).Dispose();
        }

        for (var i = 0; i < batch; i++)
            other.Rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(1, i, 0), default).Dispose();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var broken = new TaughtBatch(WritingRun.Prompts());
        Assert.Throws<OperationCanceledException>(() => other.Rollouts.Replace(broken, new(1, batch, 0), stop.Token));
        var (expected, actual) = (whole.Rollouts.State, other.Rollouts.State);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.Where(s => s.Key.EndsWith("tokens", StringComparison.Ordinal)), s => Assert.Equal(s.Value.ToArray<long>(), actual[s.Key].ToArray<long>()));
    }

    [Fact]
    public void Tokens_that_the_tokenizer_does_not_have_are_never_written()
    {
        using var run = new WritingRun(s_options with { Student = 0.5, Teacher = 0.5 }, new());
        var rollouts = new StudentRollouts(s_options with { Student = 0.5, Teacher = 0.5 }, run.Models() with { Vocabulary = 12, Stops = [11] });
        for (var step = 0; step < 20; step++)
        {
            using var written = rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(step, 0, 0), default);
            Assert.All(written.Batch.Written!.Tokens.ToArray<long>(), id => Assert.InRange(id, 0, 11));
        }
    }

    [Fact]
    public void Without_its_kept_texts_it_does_not()
    {
        var options = s_options with { Replay = new() { Share = 0.4, Batches = 5 } };
        using var stop = new CancellationTokenSource();
        using var whole = new WritingRun(options, new());
        whole.Run();
        using var first = new WritingRun(options, new(), atStep: s => { if (s == 4) stop.Cancel(); });
        first.Run(cancellationToken: stop.Token);
        using var snapshot = first.Loop.Capture();
        var forgetful = new TrainingSnapshot(snapshot.Tensors.Where(t => !t.Key.Contains("replay", StringComparison.Ordinal)).ToDictionary(t => t.Key, t => t.Value), snapshot.Position);
        using var second = new WritingRun(options, new());
        second.Run(forgetful);
        Assert.NotEqual(whole.Weights, second.Weights);
    }

    [Fact]
    public void Kept_scores_teach_as_the_teacher_does_when_it_is_asked_again()
    {
        var options = s_options with { Replay = new() { Share = 0.6, Batches = 4 } };
        foreach (var objective in new OnPolicy[] { new() { Granularity = Granularity.Sampled }, new() { Granularity = Granularity.Sampled, Future = 1, LengthNormalized = true, Whiten = true } })
        {
            using var kept = new WritingRun(options, objective);
            using var live = new WritingRun(options, objective, keepsScores: false);
            kept.Run();
            live.Run();
            Assert.All(kept.Weights.Zip(live.Weights), pair => Assert.Equal(pair.First, pair.Second, 2e-3f));
            Assert.Equal(live.Observer.Steps.Select(s => Math.Round(s.Loss, 3)), kept.Observer.Steps.Select(s => Math.Round(s.Loss, 3)));
        }
    }

    [Fact]
    public void The_shares_say_how_many_batches_each_writes()
    {
        using var run = new WritingRun(s_options with { MaxNewTokens = 1, Student = 0.5, Teacher = 0.2 }, new());
        var authors = Enumerable.Range(0, 400).Select(step =>
        {
            using var batch = run.Rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(step, 0, 0), default);
            return batch.Batch.Author;
        }).ToArray();
        // Three standard deviations of 400 draws are 0.075.
        Assert.InRange(authors.Count(a => a == TextAuthor.Student) / 400.0, 0.425, 0.575);
        Assert.InRange(authors.Count(a => a == TextAuthor.Teacher) / 400.0, 0.14, 0.26);
    }

    [Fact]
    public void A_student_that_writes_nothing_ends_the_training_after_a_said_number_of_texts()
    {
        using var run = new WritingRun(s_options with { SamplingTemperature = 0 }, new());
        using var silent = new Silent();
        var rollouts = new StudentRollouts(s_options, run.Models() with { Student = silent });
        var written = 0;
        void Write()
        {
            for (; written < 10_000; written += 3)
                rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(written, 0, 0), default).Dispose();
        }

        var error = Assert.Throws<DecantException>(Write);
        Assert.Contains("The student ended each of the last 258 texts", error.Message, StringComparison.Ordinal);
        Assert.Equal(255, written);
    }

    [Fact]
    public void A_prompt_that_leaves_no_room_is_named()
    {
        using var run = new WritingRun(s_options, new());
        var rollouts = new StudentRollouts(s_options, run.Models() with { MaxTokens = 3 });
        Assert.Contains("Sample 0000000000000003: its prompt has 4 tokens, and a text has at most 3", Assert.Throws<DecantException>(() => rollouts.Replace(new TaughtBatch(WritingRun.Prompts()), new(0, 0, 0), default)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.5, 0.0, "from 0 to 1")]
    [InlineData(0.7, 0.4, "more than 1 together")]
    public void Shares_that_are_none_are_refused(double student, double teacher, string word)
    {
        using var run = new WritingRun(s_options, new());
        Assert.Contains(word, Assert.Throws<DecantException>(() => new StudentRollouts(s_options with { Student = student, Teacher = teacher }, run.Models())).Message, StringComparison.Ordinal);
    }

    private static double Loss(WritingRun run, ISequenceObjective objective, Batch batch)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        run.Student.Eval();
        var sum = objective.Compute(new StudentOutput(run.Student.Forward(batch.ToInput())), new DenseLogits(run.Teacher.Forward(batch.ToInput())), batch).Sum;
        return sum.Item();
    }

    private static IEnumerable<WrittenTexts> Split(Batch batch)
    {
        var (values, tokens, drawn, positions) = (batch.Values.ToArray<long>(), batch.Written!.Tokens.ToArray<long>(), batch.Written.LogProbabilities.ToArray<float>(), batch.Positions!.ToArray<long>());
        var (width, row, texts) = ((int)batch.Values.Size(1), 0, new List<WrittenTexts>());
        for (var i = 0; i < batch.Size; row += batch.RowsPerSample![i++])
        {
            var prompt = (int)(positions[row] - (i * width)) + 1;
            texts.Add(new(TextAuthor.Student, [batch.Ids[i]], [[.. values.AsSpan(i * width, prompt).ToArray().Select(v => (int)v)]],
                [[.. tokens.AsSpan(row, batch.RowsPerSample![i]).ToArray().Select(v => (int)v)]], [drawn.AsSpan(row, batch.RowsPerSample[i]).ToArray()]));
        }

        return texts;
    }

    /// <summary>Notes how often states are computed.</summary>
    private sealed class Counted(ChunkedHeadModel model, Action called) : ChunkedHeadModel
    {
        public override string Kind => model.Kind;

        public override OutputHead Head => model.Head;

        public override Tensor States(ModelInput input)
        {
            called();
            return model.States(input);
        }

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;
    }

    /// <summary>Ends every text at once.</summary>
    private sealed class Silent : ChunkedHeadModel, ICausalModel
    {
        private readonly Tensor _weight = Tensor.Zeros([WritingRun.Vocabulary, 1]);

        public override string Kind => "silent";

        public override OutputHead Head => new(_weight);

        public long VocabularySize => WritingRun.Vocabulary;

        public long? MaxTokens => null;

        public override Tensor States(ModelInput input) => throw new NotSupportedException();

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;

        public ICausalState NewState() => new Nothing();

        public Tensor Next(Tensor tokens, ICausalState state, Tensor? mask = null)
        {
            var logits = new float[tokens.Size(0) * WritingRun.Vocabulary];
            for (var i = WritingRun.End; i < logits.Length; i += WritingRun.Vocabulary)
                logits[i] = 1000;
            return Tensor.From(logits, tokens.Size(0), WritingRun.Vocabulary);
        }

        private sealed class Nothing : ICausalState
        {
            public long Length => 0;

            public void Dispose()
            {
            }
        }
    }
}
