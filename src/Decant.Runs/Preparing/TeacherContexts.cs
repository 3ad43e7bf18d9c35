using System.Globalization;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Chats;
using Decant.Data.Sources;
using Decant.Modules;
using Decant.Runs.Recipes.Schema;
using Decant.Text;

namespace Decant.Runs.Preparing;

/// <summary>A recipe's teacher that is given more than its student.</summary>
internal static class TeacherContexts
{
    /// <summary>A source of conversations that knows the system message of all of them; others as they are.</summary>
    public static SourceOptions Completed(SourceOptions source, Recipe recipe) =>
        source is ChatFileOptions chats && recipe.Teacher?.Context?.Text is { } text ? chats with { ContextOfAll = text } : source;

    /// <summary>The same data with a teacher that is given more; as it is where the recipe has none.</summary>
    /// <param name="data">The data.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <exception cref="DecantException">No sample has a context, or one does not fit.</exception>
    public static PreparedData Of(PreparedData data, Recipe recipe, ITokenizer? tokenizer)
    {
        if (recipe.Teacher is not { } teacher || (teacher.Context?.Text is null && ContextSection.ColumnOf(recipe.Data.Train) is null))
            return data;
        if (data.HasOwnTeacherInput)
            throw new DecantException("teacher.context: the teacher reads with a tokenizer of its own, and a context is put before the student's tokens. Let both read with the teacher's (leave input.tokenizer out), or leave the context out.");
        var isChat = recipe.Data.Train is ChatFileOptions; // whose system message is in the samples
        var context = new TeacherContext(tokenizer!, TextBoundaries.BeginOfText(tokenizer!), isChat ? null : teacher.Context?.Text);
        var collator = new ContextCollator((ITokenCollator)data.Collator, context);
        var (remarks, longest) = (new List<string>(), 0);
        foreach (var (name, samples) in new[] { ("training", data.Train), ("validation", data.Validation), ("test", data.Test) })
        {
            if (samples is not null)
                longest = Math.Max(longest, Look(name, samples, context, collator, teacher.Context?.MaxTokens, remarks.Add));
        }

        var its = data.Context with { MaxTokens = Math.Max(longest, data.Context.MaxTokens) };
        remarks.Add(string.Create(CultureInfo.InvariantCulture,
            $"The teacher is given {(teacher.Context?.Text is null ? $"a context ('{ContextSection.ColumnOf(recipe.Data.Train)}')" : "a text")} that the student is not; it reads up to {longest:N0} tokens, and is measured with its context."));
        return data.With(data.Restricted, [.. data.Remarks, .. remarks]).WithTeacher(tokenizer, augment => new ContextCollator((ITokenCollator)data.CollatorOf(augment), context), its, itsContextOf: context);
    }

    /// <summary>Refuses a teacher that cannot read its longest text.</summary>
    /// <param name="model">The teacher.</param>
    /// <param name="data">As the teacher is given it.</param>
    public static void Check(Model model, PreparedData data)
    {
        if (data.Privileged is not null && model is ICausalModel { MaxTokens: { } most } && data.Context.MaxTokens > most)
        {
            throw new DecantException(string.Create(CultureInfo.InvariantCulture,
                $"teacher.context: the longest text has {data.Context.MaxTokens:N0} tokens with its context, and the teacher reads {most:N0}. Nothing is cut off of a context: shorten it, lower input.max-tokens, or take a teacher that reads more."));
        }
    }

    private static int Look(string name, Dataset samples, TeacherContext context, ContextCollator collator, int? most, Action<string> note)
    {
        var (longest, at, without) = (0, 0, 0);
        for (var i = 0; i < samples.Count; i++)
        {
            var sample = samples[i];
            without += context.IsIn(sample.Content) ? 0 : 1;
            if (collator.TokensOf(sample) is var tokens && tokens > longest)
                (longest, at) = (tokens, i);
        }

        if (longest > most)
        {
            throw new DecantException(string.Create(CultureInfo.InvariantCulture,
                $"teacher.context.max-tokens: {samples.Where(at)} has {longest:N0} tokens with its context, and the most are {most:N0}. Nothing is cut off of a context: raise it, shorten the context, or lower input.max-tokens."));
        }

        if (without == samples.Count && name == "training")
            throw new DecantException($"{samples.Name}: no sample has a context, so that the teacher is given nothing more than its student; fill the column, or leave 'context' out.");
        if (without > 0)
        {
            note(string.Create(CultureInfo.InvariantCulture,
                $"{without:N0} of {samples.Count:N0} {name} samples have no context: the teacher is given there what the student is{(name == "test" ? ", and so measured" : "")}."));
        }

        return longest;
    }
}
