using Decant.Tests.Runs.Ensembles;

namespace Decant.Tests.Runs;

/// <summary>Objectives on inner values through whole runs, and whatever a user can get wrong about them: one message, exit code 2, nothing written.</summary>
public sealed class FeatureInputTests : IDisposable
{
    private const string TwoEncoders = "student.model={ kind: encoder, layers: 1, hidden: 8, heads: 2 }";

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("{ kind: hidden-states, pairs: [{ student: embeddingz, teacher: bert.embeddings }] }", "hidden-states: The student has no 'embeddingz'; near it are 'embedding'")]
    [InlineData("{ kind: hidden-states, pairs: [{ student: embedding, teacher: bert.encoder.layer.3 }] }", "hidden-states: The teacher has no 'bert.encoder.layer.3'; near it are 'bert.encoder.layer', 'bert.encoder.layer.0'")]
    [InlineData("{ kind: hidden-states, pairs: [{ student: embedding, teacher: bert.embeddings.position_embeddings }] }", "'bert.embeddings.position_embeddings' did not run in a forward pass")]
    [InlineData("{ kind: hidden-states, pairs: [{ student: embedding, teacher: bert.encoder }] }", "'bert.encoder' is a group without an answer of its own")]
    [InlineData("{ kind: hidden-states }", "hidden-states: The student is not made of layers: name modules by path instead")]
    [InlineData("{ kind: attention-scores }", "attention-scores: The student has no attention: name modules by path instead")]
    [InlineData("{ kind: embeddings, projection: none }", "embeddings: The student's 'embedding' is 8 wide and the teacher's 'bert.embeddings' 16, and 'projection: none' allows no map between them")]
    [InlineData("{ kind: hint, student: embedding, teacher: representation }", "hint: The student's 'embedding' [B, T, 8] cannot be compared with the teacher's 'representation' [B, 16]")]
    [InlineData("{ kind: attention-transfer, pairs: [{ student: embedding, teacher: bert.embeddings }] }", "attention-transfer: The student's 'embedding' [B, T, 8] is no value of an image")]
    [InlineData("{ kind: contrastive-representation, student: embedding }", "contrastive-representation: The student's 'embedding' [B, T, 8] is no vector of a sample")]
    public void What_a_small_student_does_not_have_is_told_before_anything_is_written(string objective, string said) => Refuses(objective, said);

    [Theory]
    [InlineData("{ kind: hidden-states, pairs: [{ student: 1, teacher: 7 }] }", "hidden-states: The teacher has no layer 7: its layers are numbered from 1 to 1, and 0 are its embeddings")]
    [InlineData("{ kind: hidden-states, pairs: [{ student: 1, teacher: 1 }, { student: 0, teacher: 0 }] }", "hidden-states: The map goes back")]
    [InlineData("{ kind: hidden-states, teacher-layers: [1, 1] }", "hidden-states: 'teacher-layers' has one layer for each of the student's: 1 were expected, 2 came (1, 1)")]
    [InlineData("{ kind: hidden-states, layers: last, teacher-layers: [1] }", "give one of 'layers', 'teacher-layers' and 'pairs'")]
    [InlineData("{ kind: hidden-states, layers: middle }", "expected one of uniform, last, first-and-last, learned, came")]
    [InlineData("{ kind: attention-relations, relation-heads: 3 }", "is 8 wide, which 3 relation heads do not divide")]
    [InlineData("{ kind: attention-relations, relations: [] }", "name at least one relation")]
    public void A_map_or_a_number_of_heads_that_does_not_fit_is_told_before_anything_is_written(string objective, string said) => Refuses(objective, said, TwoEncoders);

    [Fact]
    public void Inner_values_asked_of_teachers_that_give_only_logits()
    {
        _work.Write("text.yaml", EnsembleFlowTests.Recipe);
        Refuses("{ kind: hidden-states }", "hidden-states: The teacher gives logits only, and inner values were asked of it", TwoEncoders);
    }

    [Fact]
    public void A_student_learns_every_inner_value_at_once_and_its_projections_are_not_exported()
    {
        var run = _work.Distill("text.yaml", "run", "--set", "student.model={ kind: encoder, layers: 2, hidden: 8, heads: 2 }", "--set", "distill.epochs=1", "--set", """
            distill.objectives=[{ kind: labels }, { kind: hidden-states }, { kind: hidden-states, layers: learned, distance: cosine }, { kind: embeddings }, { kind: attention-scores },
              { kind: attention-probabilities }, { kind: attention-relations }, { kind: hint }, { kind: contrastive-representation, dimensions: 8 }]
            """);
        Assert.DoesNotContain("projection", File.ReadAllText(Path.Combine(run, "student", "config.json")), StringComparison.Ordinal);
        using var file = Decant.Export.Safetensors.SafetensorsFile.Open(Path.Combine(run, "student", "model.safetensors"));
        Assert.DoesNotContain(file.Entries.Keys, name => name.Contains("projections", StringComparison.Ordinal) || name.Contains("mixtures", StringComparison.Ordinal) || name.Contains("bank", StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_for_images_learns_where_its_teacher_looks()
    {
        _work.Distill("image.yaml", "run", "--set", "teacher.model={ kind: cnn, channels: [4, 6], hidden: 8 }", "--set", "student.model={ kind: cnn, channels: [2, 3], hidden: 8 }", "--set",
            "distill.objectives=[{ kind: labels }, { kind: attention-transfer }, { kind: hint }, { kind: fsp }, { kind: contrastive-representation, dimensions: 8 }, { kind: hidden-states }]");
    }

    private void Refuses(string objective, string said, params string[] set)
    {
        var before = Directory.GetFileSystemEntries(_work.Root).Length;
        string[] options = [.. set.Append($"distill.objectives=[{objective}]").SelectMany(s => new[] { "--set", s })];
        foreach (var command in new[] { new[] { "distill", _work.At("text.yaml"), "--out", _work.At("out") }, ["check", _work.At("text.yaml")] })
        {
            var answer = _work.Decant([.. command, .. options]);
            Assert.True(answer.Exit == 2, $"{answer.Exit}: {answer.Error}");
            Assert.True(answer.Error.Contains(said, StringComparison.Ordinal), answer.Error);
            Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_work.At("out")), "the run's folder was made");
            Assert.Equal(before, Directory.GetFileSystemEntries(_work.Root).Length);
        }
    }
}
