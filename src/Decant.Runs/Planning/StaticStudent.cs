using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Runs.Preparing;

namespace Decant.Runs.Planning;

/// <summary>Static students of a recipe: tables of a teacher's vectors of the tokens.</summary>
internal static class StaticStudent
{
    /// <summary>The student as it begins.</summary>
    /// <param name="options">What the recipe says of it.</param>
    /// <param name="teacher">The model whose vectors they are.</param>
    /// <param name="data">Task, tokenizer and transfer set.</param>
    /// <param name="learnsFromTeacher">Whether it learns from a teacher afterwards.</param>
    public static Model Make(StaticOfTeacher options, Model teacher, PreparedData data, bool learnsFromTeacher)
    {
        var tokenizer = data.Tokenizer ?? throw new DecantException("student.from-teacher.static: a static student is a table of tokens, and the input is no text. Give student.model, or text.");
        var texts = TokenTable.Of(tokenizer, options.Weighting == TokenWeighting.Sif ? data.TransferSet : null);
        return StaticFromTeacher.Make(options, texts, data.Context with { LearnsFromTeacher = learnsFromTeacher }, () => data.Tokens.Vectors(teacher, texts, data.Context.PadToken));
    }
}
