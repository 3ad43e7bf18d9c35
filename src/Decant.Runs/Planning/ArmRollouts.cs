using Decant.Data;
using Decant.Modules;
using Decant.Objectives.Sequence;
using Decant.Rollouts;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Teachers.Writing;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>The texts that models write while a student learns, as its recipe says.</summary>
internal static class ArmRollouts
{
    /// <summary>What writes them; null where none are.</summary>
    /// <param name="data">The data of the arm.</param>
    /// <param name="arm">The arm.</param>
    /// <param name="objectives">Its objectives.</param>
    /// <exception cref="DecantException">The student cannot write, or the prompts do not fit.</exception>
    public static StudentRollouts? Of(PreparedData data, Arm arm, IReadOnlyList<WeightedObjective> objectives)
    {
        if (arm.Fit is not DistillSection { Rollouts: { } options })
            return null;
        if (arm.Model is not ICausalModel)
            throw new DecantException($"rollouts: a student of kind '{arm.Model.Kind}' writes no texts; take a causal language model, such as gpt2 or llama.");
        CheckPrompts(arm.Samples, options);
        var tokenizer = data.Tokenizer!;
        var teaching = objectives.Where(o => o.Objective.Needs != SignalKinds.None).ToArray();
        return new StudentRollouts(options, new RolloutModels
        {
            Student = arm.Model,
            Teacher = (arm.Teacher as LocalTeacher)?.Writer,
            MaxTokens = data.Context.MaxTokens,
            Stops = StopTokens.Of(arm.Model, tokenizer, data.Context.EndTokens),
            Vocabulary = tokenizer.VocabularySize,
            Pad = tokenizer.Special.Pad ?? 0,
            Seed = Seeding.For(arm.Seed, arm.Purpose),
            ScoresSuffice = teaching.Length > 0 && teaching.All(o => o.Objective is OnPolicyObjective { ReadsScoresAlone: true }),
        });
    }

    private static void CheckPrompts(Dataset samples, RolloutOptions options)
    {
        var isRunningText = samples[0].Content is TokenContent;
        if (isRunningText && options.PromptTokens is null)
            throw new DecantException("rollouts: running text has no prompts: say how many tokens of a sequence are one, such as 'prompt-tokens: 16', or give data with prompts (kind: jsonl with 'prompt' and 'completion').");
        if (!isRunningText && options.PromptTokens is not null)
            throw new DecantException("rollouts.prompt-tokens: the data has prompts, which are continued as they are; leave it out.");
    }
}
