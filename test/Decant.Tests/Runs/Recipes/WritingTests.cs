using Decant.Runs.Recipes.Writing;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Runs.Recipes;

public class WritingTests
{
    [Fact]
    public void What_ran_is_written_with_every_default()
    {
        var yaml = Fakes.Read(Fakes.Image, "distill.best-by=accuracy").ToYaml();
        Assert.Equal(
            """
            name: small
            about: ""
            device: auto
            task: classification
            data:
              train:
                kind: idx
                images: /recipes/train.idx
              split:
                validation: 0.1
                test: 100
                stratified: true
                seed: 0
              tag-scheme: auto
            input:
              kind: image
            teacher:
              model:
                kind: mlp
                hidden: [12]
                dropout: 0
                input-dropout: 0
              new-head: false
              train:
                epochs: 2
                batch: 8
                accumulate: 1
                precision: float32
                gradient-checkpointing: false
                optimizer:
                  kind: sgd
                  learning-rate: 0.1
                  weight-decay: 0
                  decay-all: false
                  momentum: 0
                  nesterov: false
                schedule:
                  kind: constant
                  warm-up: 0
                l1: 0
                objectives:
                  - kind: labels
                    weight: 1
                    label-smoothing: 0
                    loss: cross-entropy
            student:
              model:
                kind: mlp
                hidden: [3]
                dropout: 0
                input-dropout: 0
              generations: 1
            distill:
              epochs: 2
              batch: 8
              accumulate: 1
              precision: float32
              gradient-checkpointing: false
              optimizer:
                kind: sgd
                learning-rate: 0.1
                weight-decay: 0
                decay-all: false
                momentum: 0
                nesterov: false
              schedule:
                kind: constant
                warm-up: 0
              l1: 0
              best-by: accuracy
              objectives:
                - kind: soft-targets
                  weight: 0.5
                  temperature: 4
                - kind: labels
                  weight: 0.5
                  label-smoothing: 0
                  loss: cross-entropy
              combination: sum
            control: true
            evaluate:
              batch: 256
              bootstrap: 2000
              confidence-level: 0.95
              latency-runs: 1000
              tune-bias: []
            checkpoints:
              every-seconds: 300
              keep: 2

            """,
            yaml);
    }

    [Theory]
    [InlineData]
    [InlineData("seeds=[1, 2, 3]", "threads=2", "control=false", "about='two\nlines: # and more'")]
    [InlineData("data.train={ kind: csv, file: '数据 1.csv', label: null, text: 文本, classes: ['no', '1', 'a: b', '${X', 'c''d\"e\\'], share: { a: 0.5, b c: 1e-7 } }", "input.kind=vector")]
    [InlineData("student.model={ kind: resnet, depth: 20, norm: layer-norm }", "distill.clip-norm=1e-9", "distill.augment={ shift: 2, flip: true }")]
    [InlineData("distill.warm-up.epochs=2", "distill.transfer-set.without-classes=['3', three]", "distill.combination=convex", "distill.early-stopping={ patience: 3 }")]
    [InlineData("data.student-labels=0.333333333333333314829616256247", "input.mean=[0.1]", "input.std=[0.30000000000000004]")]
    [InlineData("teacher.load=../weights/a.safetensors", "teacher.train.optimizer.momentum=0.9")]
    [InlineData("thread-allocation={ teacher: 2, student: 1+1, control: 1/2 }")]
    [InlineData("thread-allocation.student='1/2'", "threads=2")]
    [InlineData("thread-allocation={}")]
    [InlineData("distill.augment={}")]
    public void What_was_written_reads_back_equal(params string[] overrides)
    {
        var reader = Fakes.Reader();
        var first = reader.Parse(Fakes.Image, "x.yaml", "/recipes", [.. overrides.Select(o => o.Replace("${X", "$${X"))]);
        var again = reader.Parse(first.ToYaml(), "recipe.yaml", "/elsewhere");
        Assert.Equal(first.Recipe, again.Recipe);
        Assert.Equal(first.ToYaml(), again.ToYaml());
    }

    [Fact]
    public void Shares_of_the_cores_are_written_as_they_are_read_and_a_section_in_which_nothing_is_said_is_not()
    {
        Assert.Contains("\nthread-allocation:\n  teacher: \"2\"\n  student: \"1+1\"\n  control: \"1/2\"\n", Fakes.Read(Fakes.Image, "thread-allocation={ teacher: '2', student: 1+1, control: 1/2 }").ToYaml());
        Assert.DoesNotContain("thread-allocation", Fakes.Read(Fakes.Image, "thread-allocation={}").ToYaml());
        Assert.Contains("augment:", Fakes.Read(Fakes.Image, "distill.augment={}").ToYaml()); // there it means something: it was not there before
    }

    [Fact]
    public void The_comment_stands_before_the_recipe() =>
        Assert.StartsWith("# Decant 1\n#\n# as run\nname: small\n", RecipeWriter.Write(Fakes.Read(Fakes.Image).Recipe, Fakes.Kinds, "Decant 1\n\nas run"));

    [Fact]
    public void Any_text_survives_being_written_and_read() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>().Filter(s => s is not null && !s.Contains('\0') && IsUnicode(s)),
        text =>
        {
            var recipe = Fakes.Read(Fakes.Image).Recipe with { About = text };
            return Fakes.Read(RecipeWriter.Write(recipe, Fakes.Kinds)).Recipe.About == text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_number_survives_being_written_and_read() => Prop.ForAll(
        ArbMap.Default.ArbFor<NormalFloat>(),
        number =>
        {
            var value = Math.Abs(number.Get);
            var recipe = Fakes.Read(Fakes.Image).Recipe;
            return Fakes.Read(RecipeWriter.Write(recipe with { Distill = recipe.Distill with { L1 = value } }, Fakes.Kinds)).Recipe.Distill.L1.Equals(value);
        }).QuickCheckThrowOnFailure();

    private static bool IsUnicode(string text)
    {
        try
        {
            return new System.Text.UTF8Encoding(false, true).GetByteCount(text) >= 0;
        }
        catch (System.Text.EncoderFallbackException)
        {
            return false;
        }
    }

    [Fact]
    public void A_variable_is_written_as_it_was_and_its_value_is_nowhere()
    {
        var reader = Fakes.Reader(("TOKEN", "s3cret"), ("ROOT", "/mnt/private"), ("EPOCHS", "2"));
        var text = Fakes.Image
            .Replace("name: small", "name: small\nabout: \"by ${TOKEN}, price $${x}\"", StringComparison.Ordinal)
            .Replace("images: train.idx", "images: \"${ROOT}/train.idx\"", StringComparison.Ordinal)
            .Replace("distill:\n  epochs: 2", "distill:\n  epochs: ${EPOCHS}", StringComparison.Ordinal);

        var document = reader.Parse(text, "x.yaml", "/recipes");
        var yaml = document.ToYaml();

        Assert.Equal("by s3cret, price ${x}", document.Recipe.About);
        Assert.Contains("about: \"by ${TOKEN}, price $${x}\"\n", yaml);
        Assert.Contains("images: \"${ROOT}/train.idx\"\n", yaml);
        Assert.Contains("distill:\n  epochs: ${EPOCHS}\n", yaml);
        Assert.DoesNotContain("s3cret", yaml);
        Assert.DoesNotContain("private", yaml);
        Assert.Equal(document.Recipe, reader.Parse(yaml, "again.yaml", "/elsewhere").Recipe);
        Assert.Equal(yaml, reader.Parse(yaml, "again.yaml", "/elsewhere").ToYaml());
    }

    [Fact]
    public void A_relative_path_with_a_variable_is_written_from_the_recipes_folder_on()
    {
        var text = Fakes.Image.Replace("images: train.idx", "images: \"${SET:-mnist}/train.idx\"", StringComparison.Ordinal);

        var yaml = Fakes.Reader(("SET", "secret")).Parse(text, "x.yaml", "/recipes").ToYaml();

        Assert.Contains("images: \"/recipes/${SET:-mnist}/train.idx\"\n", yaml);
        Assert.Equal("/recipes/mnist/train.idx", ((IdxLike)Fakes.Reader().Parse(yaml, "y.yaml", "/elsewhere").Recipe.Data.Train).Images);
    }

    [Fact]
    public void A_value_that_was_changed_after_reading_is_written_as_it_is_now()
    {
        var recipe = Fakes.Reader(("TOKEN", "s3cret")).Parse(Fakes.Image.Replace("name: small", "name: ${TOKEN}", StringComparison.Ordinal), "x.yaml", "/recipes").Recipe;

        Assert.Contains("name: other\n", RecipeWriter.Write(recipe with { Name = "other" }, Fakes.Kinds));
    }
}
