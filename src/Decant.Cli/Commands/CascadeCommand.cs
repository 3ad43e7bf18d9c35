using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Inference.Cascades;
using Decant.Runs.Cascades;
using Decant.Runs.Jobs.Cascades;

namespace Decant.Cli.Commands;

/// <summary><c>decant cascade</c>: from which confidence on a student answers instead of its teacher.</summary>
internal static class CascadeCommand
{
    public static Command Create(CliServices services)
    {
        var standard = new CascadeOptions();
        var model = new Argument<string>("model") { Description = "Folder of a run (its student), or of a student." };
        var teacher = new Option<string?>("--teacher") { Description = "Folder of the teacher; default: that of the run, or its stored answers where the teacher is behind an API.", HelpName = "folder" };
        var risk = new Option<double>("--risk") { Description = "Upper limit of the share of wrong answers among those that the student gives, 0 to 1.", HelpName = "x", DefaultValueFactory = _ => standard.Risk };
        var confidence = new Option<double>("--confidence") { Description = "Probability, over the draw of the held-out rows, that the limit holds.", HelpName = "x", DefaultValueFactory = _ => standard.Confidence };
        var on = new Option<string>("--on") { Description = "Rows that the threshold is chosen on: validation, or a file of texts (lines, or JSON lines with text and label) that the student was not trained on.", HelpName = "rows", DefaultValueFactory = _ => "validation" };
        var against = new Option<string>("--against") { Description = "What the student's answers are compared with.", DefaultValueFactory = _ => "teacher" };
        against.AcceptOnlyFromAmong("teacher", "labels");
        var score = new Option<string>("--score") { Description = "Confidence score that is compared with the threshold.", DefaultValueFactory = _ => "max-probability" };
        score.AcceptOnlyFromAmong("max-probability", "margin", "entropy");
        var costTeacher = new Option<double>("--cost-teacher") { Description = "Cost of a request to the teacher, in any unit.", HelpName = "x", DefaultValueFactory = _ => standard.CostTeacher };
        var costStudent = new Option<double>("--cost-student") { Description = "Cost of a request to the student, in the same unit.", HelpName = "x", DefaultValueFactory = _ => standard.CostStudent };
        var recipe = new Option<string?>("--recipe") { Description = "Recipe whose validation and test splits are used; default: that of the run.", HelpName = "file" };
        var rows = new Option<string?>("--rows") { Description = "Also write the numbers of each row (confidence, differs, wrong, length), without texts, to this file.", HelpName = "file" };
        var (set, json) = (CommonOptions.Set(), CommonOptions.Json());
        var command = new Command("cascade", "Choose from which confidence on a student answers instead of its teacher, so that the risk of its answers is bounded.") { model, teacher, risk, confidence, on, against, score, costTeacher, costStudent, recipe, rows, set, json };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var (file, keys) = (parse.GetValue(recipe), parse.GetValue(set) ?? []);
            if (file is null && keys.Length > 0)
                throw new DecantException("--set overrides keys of a recipe: give the recipe too, with --recipe.");
            var result = new CascadeJob(services.Catalog.Value).Run(
                new()
                {
                    Student = ModelArgument.Folder(services, parse.GetRequiredValue(model)),
                    Teacher = parse.GetValue(teacher),
                    On = parse.GetValue(on) is { } given && given != "validation" ? given : null,
                    Recipe = file is null ? null : CommonOptions.Read(services, file, keys),
                    Truth = parse.GetValue(against) == "labels" ? CascadeTruth.Labels : CascadeTruth.Teacher,
                    Options = new()
                    {
                        Risk = parse.GetValue(risk),
                        Confidence = parse.GetValue(confidence),
                        Score = parse.GetValue(score) switch { "margin" => ConfidenceScore.Margin, "entropy" => ConfidenceScore.Entropy, _ => ConfidenceScore.MaxProbability },
                        CostTeacher = parse.GetValue(costTeacher),
                        CostStudent = parse.GetValue(costStudent),
                    },
                    RowsFile = parse.GetValue(rows),
                },
                services.Interruption.Token);
            if (parse.GetValue(json))
                CascadeView.WriteJson(services.Out, result);
            else
                CascadeView.Write(services.Console.Value, result);
            return ExitCodes.Success;
        });
        return command;
    }
}
