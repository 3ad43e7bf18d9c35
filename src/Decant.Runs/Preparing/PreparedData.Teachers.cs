using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Teachers.Alignment;
using Decant.Teachers.Contexts;
using Decant.Teachers.Ensembles;
using Decant.Teachers.Local;
using Decant.Text;
using Decant.Text.Alignment;

namespace Decant.Runs.Preparing;

/// <content>Its teachers, which may read the samples in a form of their own.</content>
internal sealed partial class PreparedData
{
    private SamplePlaces? _places;
    private PreparedData? _ofTeacher; // null: the teacher reads as the student does
    private TokenTranslator? _translator; // from the student's tokens to those of a teacher that answers for each token

    /// <summary>What a teacher behind an API says, as a model of these samples.</summary>
    public RemoteModel Answered(ChatAnswers answers) => answers.Writes ? new WritingModel(answers.Teacher, tokenizer!.VocabularySize)
        : answers.Vectors is { } vectors ? new VectorsModel(answers.Teacher, vectors, answers.Width, [.. new[] { Train, Validation, Test }.OfType<Dataset>()], Collator)
        : new AnsweredModel(answers, [.. new[] { Train, Validation, Test }.OfType<Dataset>()], Collator, Classes.Count);

    /// <summary>The same with a teacher that reads the samples in another form.</summary>
    /// <param name="own">Its tokenizer; null for images.</param>
    /// <param name="itsCollators">How its batches are made.</param>
    /// <param name="itsContext">What the teacher must know of the data.</param>
    /// <param name="itsImages">What becomes of its images; null for texts.</param>
    /// <param name="itsRecipe">The recipe with the teacher's task; null: it is the student's.</param>
    /// <param name="itsContextOf">What the teacher is given beside what the student is; null: nothing.</param>
    public PreparedData WithTeacher(ITokenizer? own, Func<AugmentOptions?, ICollator> itsCollators, ModelContext itsContext, ImageInput? itsImages = null, Recipe? itsRecipe = null, TeacherContext? itsContextOf = null)
    {
        var other = With(Restricted, Remarks);
        other._ofTeacher = new(splits, student, seed, own, itsCollators, itsContext, itsRecipe ?? recipe) { TransferSets = TransferSets, Streams = Streams, OwnImages = itsImages, Privileged = itsContextOf, _isOfOther = true };
        return other;
    }

    /// <summary>The same with a language model as the teacher that reads the texts with its own tokenizer.</summary>
    /// <param name="itsData">The splits in the teacher's tokens; this owns it.</param>
    /// <param name="translator">From the student's tokens to the teacher's.</param>
    /// <param name="remark">What is to be said of it.</param>
    public PreparedData WithTeacher(PreparedData itsData, TokenTranslator translator, string remark)
    {
        var other = With(Restricted, [.. Remarks, .. itsData.Remarks, remark]);
        (other._ofTeacher, other._translator) = (itsData, translator);
        return other;
    }

    /// <summary>What becomes of the images of a teacher that reads them in another form than the recipe's input; null: it does not, and this is not its data.</summary>
    public ImageInput? OwnImages { get; private init; }

    /// <summary>What a model of this data is given beside what the student is; null: nothing, or this is the student's data.</summary>
    public TeacherContext? Privileged { get; private init; }

    /// <summary>Whether the teacher reads the samples in another form than the student: with a tokenizer of its own, or images of its own size or normalization.</summary>
    public bool HasOwnTeacherInput => _ofTeacher is not null;

    /// <summary>The same samples as the teacher reads them; this, where it reads them as the student does.</summary>
    public PreparedData OfTeacher => _ofTeacher ?? this;

    /// <summary>The recipe's input as the teacher has it.</summary>
    public InputSection InputOfTeacher => _ofTeacher?.OwnImages is { } own ? recipe.Input with { Size = own.Size, Mean = own.Mean, Std = own.Std } : recipe.Input;

    /// <summary>A model of the task as a teacher of these samples.</summary>
    /// <param name="model">Stays the caller's.</param>
    /// <param name="isLarge">Whether it is the large model, which may read in a form of its own; false: a student that teaches another.</param>
    public ITeacher Teacher(Model model, bool isLarge = true) => model is Ensemble several
        ? several.Members.Any(m => m.Tags.Count > 0) ? TeacherRoutes.Of(several, recipe.Ensemble?.LabelsOnly ?? [], m => Alone(m.Model), Places)
        : new EnsembleTeacher([.. several.Members.Select(m => Alone(m.Model))], several.Mixture, [.. several.Members.Select(m => m.Name)])
        : model is ScoringModel scoring ? scoring.Open(tokenizer!)
        : isLarge && _ofTeacher is { } other && _translator is { } translator
            ? new OtherTokenizerTeacher(other.Alone(model), translator, tokenizer!.Hash, model is IForeignModel ? other.Context.MaxTokens : (int)Math.Min((model as ICausalModel)?.MaxTokens ?? int.MaxValue, int.MaxValue - 1))
        : isLarge && _ofTeacher is { Privileged: { } more } its ? new ContextTeacher(its.Alone(model), more, Places.ContentOf)
        : isLarge && _ofTeacher is { } own ? new OwnInputTeacher(own.Alone(model), own.Collator, [student, Train, .. TransferSets.Sets.Values], tokenizer?.Hash, IsRanked && own.Context.Task != context.Task)
        : Alone(model);

    private SamplePlaces Places => _places ??= new([student, Train, .. TransferSets.Sets.Values, .. new[] { Validation, Test }.OfType<Dataset>()]);

    private LocalTeacher Alone(Model model) => new(
        model, context.Task.HasClasses() ? Classes : [], tokenizer?.Hash, owns: false,
        vocabulary: context.Task.IsLanguageModel() ? tokenizer!.VocabularySize : null, carriesState: CarriesState);
}
