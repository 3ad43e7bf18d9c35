using Decant.Cli.Hosting;
using Decant.Cli.Seam;
using Decant.Tests.Runs.Recipes;

namespace Decant.Tests.Cli;

public sealed class CommandTests : IDisposable
{
    private readonly CliRunner _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_recipe_is_run_and_its_result_shown()
    {
        Assert.Equal(0, _cli.Run("distill", _cli.Write("a.yaml", Fakes.Image), "--out", "there", "--set", "distill.epochs=5", "--set", "name=新"));
        Assert.Equal("", _cli.Error);
        Assert.Equal((5, "新"), (_cli.Jobs.Recipe!.Distill.Epochs, _cli.Jobs.Recipe.Name));
        Assert.Equal("there", _cli.Jobs.Request!.Out);
        Assert.EndsWith(" --out there --set distill.epochs=5 --set name=新", _cli.Jobs.Request.Command);
        Approved.Check(_cli.Out, "distill");
    }

    [Fact]
    public void A_run_is_resumed_with_its_own_recipe_or_with_one_that_must_be_the_same()
    {
        Assert.Equal(0, _cli.Run("distill", "--resume", "runs/small", "--quiet"));
        Assert.Equal(("runs/small", false, null, "decant distill --resume runs/small --quiet"), (_cli.Jobs.Resumed!.Run, _cli.Jobs.Resumed.IsTraining, _cli.Jobs.Resumed.Given, _cli.Jobs.Resumed.Command));
        Assert.DoesNotContain("finished", _cli.Out);
        Assert.Equal(0, _cli.Run("distill", _cli.Write("a.yaml", Fakes.Image), "--resume", "runs/done", "--seeds", "2", "--no-control", "--set", "distill.epochs=7"));
        Assert.Equal((2, false, 7), (_cli.Jobs.Resumed.Given!.RunSeeds().Count, _cli.Jobs.Resumed.Given.Control, _cli.Jobs.Resumed.Given.Distill.Epochs));
        Assert.Contains("This run is finished: there was nothing left to do.\n", _cli.Out);
        Assert.Equal(0, _cli.Run("train", "--resume", "runs/small", "--quiet"));
        Assert.True(_cli.Jobs.Resumed.IsTraining);
        Assert.Null(_cli.Jobs.Recipe);
    }

    [Fact]
    public void A_checkpoint_is_listed()
    {
        Assert.Equal(0, _cli.Run("inspect", "somewhere"));
        Approved.Check(_cli.Out, "inspect");
    }

    [Fact]
    public void A_checkpoint_is_listed_for_programs()
    {
        Assert.Equal(0, _cli.Run("inspect", "somewhere", "--json"));
        Approved.Check(_cli.Out, "inspect-json");
    }

    [Fact]
    public void A_model_is_shown_by_path()
    {
        _cli.Write("model/config.json", "{}");
        var folder = Path.Combine(_cli.Folder, "model");
        Assert.Equal(0, _cli.Run("inspect", folder, "--tokens", "9", "--path", "bert.encoder"));
        Assert.Equal((folder, 9, "bert.encoder"), (_cli.Jobs.Inspected!.Value.Model, _cli.Jobs.Inspected.Value.Request.Tokens, _cli.Jobs.Inspected.Value.Request.Path));
        Approved.Check(_cli.Out, "inspect-model");
    }

    [Fact]
    public void A_model_is_shown_for_programs()
    {
        _cli.Write("model/config.json", "{}");
        Assert.Equal(0, _cli.Run("inspect", Path.Combine(_cli.Folder, "model"), "--json"));
        Approved.Check(_cli.Out, "inspect-model-json");
    }

    [Fact]
    public void The_tensors_of_a_model_s_folder_are_listed_where_they_are_asked_for()
    {
        _cli.Write("model/config.json", "{}");
        Assert.Equal(0, _cli.Run("inspect", Path.Combine(_cli.Folder, "model"), "--tensors"));
        Assert.Null(_cli.Jobs.Inspected);
        Assert.Contains("a.weight", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_models_of_a_recipe_are_shown_too()
    {
        var recipe = _cli.Write("a.yaml", Fakes.Image);
        Assert.Equal(0, _cli.Run("inspect", recipe, "--model", "teacher"));
        Assert.Equal(("teacher", 16), (_cli.Jobs.Inspected!.Value.Model, _cli.Jobs.Inspected.Value.Request.Tokens));
        Assert.Contains("small, teacher: encoder 2 × 16", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("inspect", recipe));
        Assert.Equal("student", _cli.Jobs.Inspected.Value.Model);
    }

    [Fact]
    public void A_path_is_no_question_for_a_checkpoint()
    {
        Assert.NotEqual(0, _cli.Run("inspect", "somewhere", "--path", "bert"));
        Assert.Contains("Give a model's folder with its config.json, or a recipe", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_shows_the_result_alone()
    {
        Assert.Equal(0, _cli.Run("distill", _cli.Write("a.yaml", Fakes.Image), "--quiet"));
        Approved.Check(_cli.Out, "distill-quiet");
    }

    [Fact]
    public void Seeds_and_control_are_set_from_the_command_line()
    {
        Assert.Equal(0, _cli.Run("distill", _cli.Write("a.yaml", Fakes.Image), "--seeds", "3", "--no-control", "--quiet"));
        Assert.Equal([1L, 2L, 3L], _cli.Jobs.Recipe!.RunSeeds());
        Assert.False(_cli.Jobs.Recipe.Control);
    }

    [Fact]
    public void A_recipe_that_comes_along_is_called_by_its_name()
    {
        _cli.Write("recipes/quickstart.yaml", Fakes.Image);
        _cli.Write("recipes/images/mnist.yaml", Fakes.Image.Replace("small", "mnist"));
        Assert.Equal(0, _cli.Run("distill", "mnist", "--quiet"));
        Assert.Equal("mnist", _cli.Jobs.Recipe!.Name);
        Assert.Equal(0, _cli.Run("distill", "images/mnist", "--quiet"));
        Assert.Equal(0, _cli.Run("quickstart", "--quiet"));
        Assert.Equal("small", _cli.Jobs.Recipe.Name);
    }

    [Fact]
    public void The_teacher_alone_is_trained()
    {
        Assert.Equal(0, _cli.Run("train", _cli.Write("a.yaml", Fakes.Image)));
        Approved.Check(_cli.Out, "train");
        Assert.Equal(2, _cli.Run("train", _cli.Write("b.yaml", Fakes.Image), "--set", "teacher.train=null", "--set", "teacher.load=w.safetensors"));
        Assert.Equal("--set teacher.train=null: nothing to train: the recipe has no teacher.train.\n", _cli.Error);
    }

    [Fact]
    public void Models_are_compared_in_a_table_or_in_JSON()
    {
        Assert.Equal(0, _cli.Run("compare", "runs/a", "模型乙"));
        Assert.Equal(["runs/a", "模型乙"], _cli.Jobs.Measured!.Models);
        Approved.Check(_cli.Out, "compare");
        using var other = new CliRunner();
        Assert.Equal(0, other.Run("compare", "runs/a", "模型乙", "--json"));
        Approved.Check(other.Out, "compare-json");
    }

    [Fact]
    public void A_right_recipe_is_told_to_be_right_and_what_it_would_do()
    {
        Assert.Equal(0, _cli.Run("check", _cli.Write("a.yaml", Fakes.Image)));
        Approved.Check(_cli.Out, "check");
    }

    [Fact]
    public void A_wrong_recipe_is_told_with_all_its_faults_and_nothing_else()
    {
        Assert.Equal(2, _cli.Run("check", _cli.Write("a.yaml", Fakes.Image.Replace("temperature", "temprature")), "--set", "distill.epochs=0"));
        Assert.Equal("", _cli.Out);
        Assert.Equal(
            """
            DIR/a.yaml:20: unknown key 'temprature' under distill.objectives[0]; did you mean 'temperature'?
            --set distill.epochs=0: distill.epochs: expected a whole number from 1 to 1000000, came the number 0
            2 faults; nothing was started.

            """,
            _cli.Error);
    }

    [Fact]
    public void A_new_recipe_is_written_once_and_reads_back()
    {
        var data = _cli.Write("data/评论.csv", "文本,标签\n好,1\n");
        var target = Path.Combine(_cli.Folder, "评论.yaml");
        Assert.Equal(0, _cli.Run("new", "text-classification", "--data", data, "--out", target));
        Assert.Contains("file: data/评论.csv, text: 文本, label: 标签", File.ReadAllText(target));
        Assert.Equal(
            """
            DIR/data/评论.csv: it is CSV, the first row names the columns.
            DIR/data/评论.csv: text is '文本', label is '标签': 1 class in the first 1 row (1).
            DIR/data/评论.csv: the label's numbers are taken for names of classes, not for amounts.
            DIR/评论.yaml is written. Next: decant check DIR/评论.yaml

            """,
            _cli.Out);
        Assert.Equal(data, Fakes.Reader().Read(target).Recipe.Data.Train.As<CsvLike>().File);
        Assert.Equal(2, _cli.Run("new", "text-classification", "--data", data, "--out", target));
        Assert.Equal("DIR/评论.yaml cannot be written: it is there already, and nothing is overwritten. Choose another name.\n", _cli.Error);
    }

    [Fact]
    public void A_recipe_of_a_former_release_is_upgraded_in_place_or_into_another_file()
    {
        var file = _cli.Write("old.yaml", "# mine\ncores: { student: 2 }   # threads\ndata:\n  long-tail: 10\n");
        var copy = Path.Combine(Path.GetDirectoryName(file)!, "new.yaml");
        Assert.Equal(0, _cli.Run("recipes", "upgrade", file, "--out", copy));
        Assert.Equal("DIR/old.yaml:2: cores → thread-allocation\nDIR/old.yaml:4: long-tail → imbalance-factor (data)\nDIR/new.yaml: 2 names replaced.\n", _cli.Out);
        Assert.Equal("# mine\nthread-allocation: { student: 2 }   # threads\ndata:\n  imbalance-factor: 10\n", File.ReadAllText(copy));
        Assert.StartsWith("# mine\ncores:", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("recipes", "upgrade", file));
        Assert.Equal(File.ReadAllText(copy), File.ReadAllText(file));
        Assert.Equal(0, _cli.Run("recipes", "upgrade", file));
        Assert.EndsWith("DIR/old.yaml: nothing to rename; it has the keys of this release.\n", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(2, _cli.Run("recipes", "upgrade", _cli.Write("data.yaml", "a: 1\n")));
        Assert.Equal(2, _cli.Run("recipes", "upgrade", _cli.Write("broken.yaml", "data: [\n")));
        Assert.Equal(2, _cli.Run("recipes", "upgrade", "nowhere.yaml"));
    }

    [Fact]
    public void The_recipes_that_come_along_are_listed()
    {
        _cli.Write("recipes/images/mnist.yaml", "# Two hidden layers [of 1200]\n# teach two of 800.\nname: mnist\n");
        _cli.Write("recipes/quickstart.yaml", "about: 中文说明\nname: quickstart\n");
        _cli.Write("recipes/broken.yaml", "name: [\n");
        Assert.Equal(0, _cli.Run("recipes"));
        Assert.Equal(
            """
            broken
            quickstart     中文说明
            images/mnist   Two hidden layers [of 1200] teach two of 800.

            Run one with: decant distill broken

            """,
            _cli.Out);
    }

    [Fact]
    public void Without_recipes_it_is_told_where_they_were_looked_for()
    {
        Assert.Equal(3, _cli.Run("recipes"));
        Assert.Equal("No recipes were found; looked in DIR/recipes.\n", _cli.Error);
    }

    [Fact]
    public void The_doctor_tells_what_to_mend_and_fails_when_something_is_broken()
    {
        _cli.Jobs.Findings = [new("BLAS", "reference BLAS", FindingState.Slow, "apt-get install libopenblas0-pthread"), new("BLAS kernels", "SkylakeX, the fastest that were tried; GFLOP/s: SkylakeX 221, Prescott 51 (OpenBLAS's own choice)", FindingState.Good), new("libtorch", "1.13.1, /usr/lib", FindingState.Good)];
        Assert.Equal(0, _cli.Run("doctor"));
        Approved.Check(_cli.Out, "doctor");
        using var other = new CliRunner();
        other.Jobs.Findings =
        [
            new("libtorch", "not found", FindingState.Broken, "apt-get install libtorch-dev"),
            new("BLAS kernels", "SkylakeX", FindingState.Good, Gflops: new Dictionary<string, double> { ["SkylakeX"] = 221.04, ["Prescott"] = 51 }),
        ];
        Assert.Equal(3, other.Run("doctor", "--json"));
        Approved.Check(other.Out, "doctor-json");
    }

    [Fact]
    public void The_command_is_kept_as_a_shell_wants_it() =>
        Assert.Equal("decant distill 'a b.yaml' --set 'distill.objectives=[{ kind: labels }]' --set 'name=it'\\''s'", ShellText.Command(["distill", "a b.yaml", "--set", "distill.objectives=[{ kind: labels }]", "--set", "name=it's"]));
}
