using Decant.Runs.Reports.Record;
using Microsoft.Extensions.Logging;

namespace Decant.Runs.Distilling;

/// <summary>Writes what happens in a run to a logger, and passes it on.</summary>
internal sealed partial class LoggedProgress(ILogger logger, IProgress<RunEvent>? inner) : IProgress<RunEvent>
{
    public void Report(RunEvent value)
    {
        switch (value)
        {
            case RunNote note:
                LogNote(logger, note.Text);
                break;
            case ArmStarted arm:
                LogStarted(logger, arm.Arm, arm.Seed, arm.Steps);
                break;
            case ArmFinished arm:
                LogFinished(logger, arm.Arm, arm.Seed, arm.Seconds);
                break;
            case StepTaken step:
                LogStep(logger, step.Arm, step.Seed, step.Step, step.Loss);
                break;
            case Resumed resumed:
                LogResumed(logger, resumed.Arm, resumed.Step);
                break;
            case Comparison comparison:
                LogComparison(logger, comparison.Sentence);
                break;
        }

        inner?.Report(value);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void LogNote(ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "Training the {Arm} of seed {Seed}: {Steps} updates")]
    private static partial void LogStarted(ILogger logger, string arm, long seed, long steps);

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Arm} of seed {Seed} is trained, in {Seconds:0.0} s")]
    private static partial void LogFinished(ILogger logger, string arm, long seed, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Resumed after step {Step} of the {Arm}; what was logged above was done before")]
    private static partial void LogResumed(ILogger logger, string? arm, long step);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Arm}, seed {Seed}, step {Step}: loss {Loss}")]
    private static partial void LogStep(ILogger logger, string arm, long seed, long step, double loss);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Sentence}")]
    private static partial void LogComparison(ILogger logger, string sentence);
}
