using System.CommandLine;
using System.Text.Json;
using Decant.Cli.Commands;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Export;
using Decant.Runs.Jobs;
using Decant.Runs.Recipes.JsonSchema;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Models;
using Decant.Tests.Runs;
using Decant.Tests.Runs.Recipes;
using Spectre.Console;

namespace Decant.Tests.Cli;

public sealed class CommandTests : IDisposable
{
    private readonly CliRunner _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_run_is_shown_as_it_goes_and_then_its_result()
    {
        Assert.Equal(0, Show(isQuiet: false, Samples.Result, Samples.Run));
        Assert.Equal("", _cli.Error);
        Approved.Check(_cli.Out, "distill");
    }

    [Fact]
    public void The_arguments_of_a_run_say_its_recipe_its_folder_and_its_command()
    {
        var (recipe, options) = Read(_cli.Write("a.yaml", Fakes.Image), "--out", "there", "--set", "distill.epochs=5", "--set", "name=新");
        Assert.Equal((5, "新"), (recipe.Recipe.Distill.Epochs, recipe.Recipe.Name));
        Assert.Equal("there", options.Out);
        Assert.EndsWith(" --out there --set distill.epochs=5 --set name=新", options.Command);
    }

    [Theory]
    [InlineData("distill")]
    [InlineData("train")]
    public void Who_interrupts_a_run_knows_how_it_is_resumed_and_the_run_how_it_ended(string job)
    {
        var services = _cli.Services([job]);
        using var interruption = services.Interruption;
        var options = RecipeRun.Options(services, job);
        Assert.Null(options.Out);
        options.Begun!(RunFolder.Open("runs/small"));
        Assert.Equal($"decant {job} --resume runs/small", interruption.GoOn);
        interruption.Request(ExitCodes.Terminated);
        Assert.Equal(ExitCodes.Terminated, options.ExitWhenStopped());
    }

    [Fact]
    public void A_finished_run_that_is_resumed_says_so_and_another_does_not()
    {
        Show(isQuiet: true, Samples.Result);
        Assert.DoesNotContain("finished", _cli.Out);
        Show(isQuiet: true, Samples.Result with { WasFinished = true });
        Assert.Contains("This run is finished: there was nothing left to do.\n", _cli.Out);
    }

    [Fact]
    public void A_checkpoint_is_listed()
    {
        InspectView.Write(Console, s_inspection);
        Approved.Check(_cli.Out, "inspect");
    }

    [Fact]
    public void A_checkpoint_is_listed_for_programs()
    {
        InspectView.WriteJson(_cli.Services([]).Out, s_inspection);
        Approved.Check(_cli.Out, "inspect-json");
    }

    [Fact]
    public void A_model_is_shown_by_path()
    {
        ModelView.Write(Console, MadeUpModel.Inspection with { Name = Path.Combine(_cli.Folder, "model") });
        Approved.Check(_cli.Out, "inspect-model");
    }

    [Fact]
    public void A_model_is_shown_for_programs()
    {
        ModelView.WriteJson(_cli.Services([]).Out, MadeUpModel.Inspection with { Name = Path.Combine(_cli.Folder, "model") });
        Approved.Check(_cli.Out, "inspect-model-json");
    }

    [Fact]
    public void A_model_is_traced_with_so_many_tokens_and_shown_from_a_path_on()
    {
        var folder = Model();
        Assert.Equal(0, _cli.Run("inspect", folder, "--tokens", "7", "--path", "bert.encoder", "--json"));
        using var found = JsonDocument.Parse(_cli.Out);
        Assert.Equal(("DIR/model", 7), (found.RootElement.GetProperty("name").GetString(), found.RootElement.GetProperty("input")[1].GetInt32()));
        var paths = found.RootElement.GetProperty("modules").EnumerateArray().Select(m => m.GetProperty("path").GetString()!).ToArray();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.StartsWith("bert.encoder", path, StringComparison.Ordinal));
        using var other = new CliRunner();
        Assert.Equal(0, other.Run("inspect", folder, "--json"));
        Assert.Equal(16, JsonDocument.Parse(other.Out).RootElement.GetProperty("input")[1].GetInt32());
    }

    [Fact]
    public void The_tensors_of_a_model_s_folder_are_listed_where_they_are_asked_for()
    {
        Assert.Equal(0, _cli.Run("inspect", Model(), "--tensors"));
        Assert.Matches(@"bert\.embeddings\.word_embeddings\.weight +float32", _cli.Out);
        Assert.DoesNotContain("EncoderEmbeddings", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_models_of_a_recipe_are_shown_too()
    {
        using var work = new Workplace();
        var teacher = work.Decant("inspect", work.At("image.yaml"), "--model", "teacher");
        Assert.Equal((0, ""), (teacher.Exit, teacher.Error));
        Assert.StartsWith("the teacher of small-images: ", teacher.Out, StringComparison.Ordinal);
        Assert.StartsWith("the student of small-images: ", work.Decant("inspect", work.At("image.yaml")).Out, StringComparison.Ordinal);
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
        Show(isQuiet: true, Samples.Result, Samples.Run);
        Approved.Check(_cli.Out, "distill-quiet");
    }

    [Fact]
    public void Seeds_and_control_are_set_from_the_command_line()
    {
        var (recipe, _) = Read(_cli.Write("a.yaml", Fakes.Image), "--seeds", "3", "--no-control", "--set", "distill.epochs=7");
        Assert.Equal([1L, 2L, 3L], recipe.Recipe.RunSeeds());
        Assert.Equal((false, 7), (recipe.Recipe.Control, recipe.Recipe.Distill.Epochs));
        (recipe, _) = Read(_cli.Write("a.yaml", Fakes.Image));
        Assert.Equal((1, true), (recipe.Recipe.RunSeeds().Count, recipe.Recipe.Control));
    }

    [Fact]
    public void A_recipe_that_comes_along_is_called_by_its_name()
    {
        _cli.Write("recipes/quickstart.yaml", Fakes.Image);
        _cli.Write("recipes/images/mnist.yaml", Fakes.Image.Replace("small", "mnist"));
        Assert.Equal("mnist", Read("mnist").Recipe.Recipe.Name);
        Assert.Equal("mnist", Read("images/mnist").Recipe.Recipe.Name);
        Assert.Equal("small", Read("quickstart").Recipe.Recipe.Name);
    }

    [Fact]
    public void Quickstart_runs_the_recipe_of_its_name()
    {
        using var work = new Workplace();
        Directory.CreateDirectory(work.At("recipes"));
        work.Write("recipes/quickstart.yaml", Workplace.Image.Replace("train-", "../train-").Replace("test-", "../test-"));
        var answer = work.Decant("quickstart", "--quiet", "--out", work.At("run"));
        Assert.Equal((0, ""), (answer.Exit, answer.Error));
        var started = Workplace.Record(work.At("run")).Events.OfType<RunStarted>().Single();
        Assert.Equal(("small-images", $"decant quickstart --quiet --out {work.At("run")}"), (started.Name, started.Command));
    }

    [Fact]
    public void The_teacher_alone_is_trained()
    {
        Show(isQuiet: false, Samples.Result with { Record = RunRecord.From(Samples.Run.Where(e => e is Evaluated { Arm: Arms.Teacher })) });
        const string report = "The report: runs/small/report.html\n";
        Assert.EndsWith(report, _cli.Out, StringComparison.Ordinal);
        Approved.Check(_cli.Out[..^report.Length], "train");
        Assert.Equal(2, _cli.Run("train", _cli.Write("b.yaml", Fakes.Image), "--set", "teacher.train=null", "--set", "teacher.load=w.safetensors"));
        Assert.Equal("--set teacher.train=null: nothing to train: the recipe has no teacher.train.\n", _cli.Error);
    }

    [Fact]
    public void Models_are_compared_in_a_table_or_in_JSON()
    {
        ComparisonView.Write(Console, Samples.Measured);
        Approved.Check(_cli.Out, "compare");
        using var other = new CliRunner();
        ComparisonJson.Write(other.Services([]).Out, Samples.Measured);
        Approved.Check(other.Out, "compare-json");
    }

    [Fact]
    public void A_right_recipe_is_told_to_be_right_and_what_it_would_do()
    {
        CheckCommand.Show(_cli.Services([]), Path.Combine(_cli.Folder, "a.yaml"), isStudy: false,
            [new("teacher", "mlp, 12,345 parameters, 1,350 steps, about 3 min"), new("student", "mlp 学生, 1,234 parameters, 900 steps, about 40 s")]);
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
        Assert.StartsWith("# yaml-language-server: $schema=recipe.schema.json\n# A small text classifier", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Equal(RecipeSchema.OfRecipes(Decant.Runs.Catalog.Standard.Kinds), File.ReadAllText(Path.Combine(_cli.Folder, "recipe.schema.json")));
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
    public void The_schemas_are_written_to_the_output_or_into_a_file()
    {
        Assert.Equal(0, _cli.Run("schema"));
        Assert.Equal(RecipeSchema.OfRecipes(Decant.Runs.Catalog.Standard.Kinds), _cli.Out);
        var file = Path.Combine(_cli.Folder, "study.json");
        Assert.Equal(0, _cli.Run("schema", "--study", "--out", file));
        Assert.Equal(RecipeSchema.OfStudies(Decant.Runs.Catalog.Standard.Kinds), File.ReadAllText(file));
        Assert.EndsWith("DIR/study.json is written. A YAML file uses it with a first line: # yaml-language-server: $schema=study.json\n", _cli.Out, StringComparison.Ordinal);
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
        Assert.Equal(0, DoctorCommand.Show(_cli.Services([]),
        [
            new("blas", "BLAS", "libblas.so.3", "this is the reference BLAS", "apt-get install libopenblas0-pthread"),
            new("blas_kernels", "BLAS kernels", "SkylakeX, the fastest that were tried; GFLOP/s: SkylakeX 221, Prescott 51 (OpenBLAS's own choice)"),
            new("libtorch", "libtorch", "1.13.1, /usr/lib"),
        ], asJson: false));
        Approved.Check(_cli.Out, "doctor");
        using var other = new CliRunner();
        Assert.Equal(3, DoctorCommand.Show(other.Services([]),
        [
            new("libtorch", "libtorch", "not loaded", "not found", "apt-get install libtorch-dev", Fatal: true),
            new("blas_kernels", "BLAS kernels", "SkylakeX") { Figures = new Dictionary<string, double> { ["SkylakeX"] = 221.04, ["Prescott"] = 51 } },
        ], asJson: true));
        Approved.Check(other.Out, "doctor-json");
    }

    [Fact]
    public void The_command_is_kept_as_a_shell_wants_it() =>
        Assert.Equal("decant distill 'a b.yaml' --set 'distill.objectives=[{ kind: labels }]' --set 'name=it'\\''s'", ShellText.Command(["distill", "a b.yaml", "--set", "distill.objectives=[{ kind: labels }]", "--set", "name=it's"]));

    private static readonly Inspection s_inspection =
        new("somewhere", "safetensors", [new("a.weight", "float32", [2, 3], 24, "model.safetensors"), new("数", "int64", [], 8, "other.safetensors")], ["a remark"]);

    private IAnsiConsole Console => _cli.Services([]).Console.Value;

    /// <summary>A small encoder's folder.</summary>
    private string Model()
    {
        var folder = Path.Combine(_cli.Folder, "model");
        using var model = Zoo.Create("encoder");
        ModelFolder.Save(folder, model);
        return folder;
    }

    /// <summary>What a command that runs a recipe does around the job.</summary>
    private int Show(bool isQuiet, RunResult result, params IEnumerable<RunEvent> events)
    {
        var services = _cli.Services([]);
        using var interruption = services.Interruption;
        return RecipeRun.Show(services, isQuiet, progress =>
        {
            foreach (var happened in events) progress.Report(happened);
            return result;
        });
    }

    /// <summary>What <c>distill</c> hands to the job.</summary>
    private (RecipeDocument Recipe, RunOptions Options) Read(string recipe, params string[] args)
    {
        var (arguments, services) = (new RunArguments(), _cli.Services(["distill", recipe, .. args]));
        using var interruption = services.Interruption;
        var command = new Command("distill");
        arguments.AddTo(command);
        var parse = command.Parse(args);
        Assert.Empty(parse.Errors);
        return (arguments.Recipe(services, parse, recipe), arguments.Options(services, parse));
    }
}
