namespace Decant.Tests.Runs.Recipes;

public class CheckTests
{
    [Theory]
    [InlineData("x.yaml:7: the teacher has no weights: give teacher.train or teacher.load", "teacher.train=null")]
    [InlineData("x.yaml:7: the teacher has no network: give teacher.model", "teacher.model=null")]
    [InlineData("x.yaml:20: 'soft-targets' compares with a teacher, and the recipe has none; add a teacher section", "teacher=null")]
    [InlineData("--set distill.objectives=[{ kind: labels }]: no objective uses the teacher; add one such as { kind: soft-targets }, or leave the teacher out", "distill.objectives=[{ kind: labels }]")]
    [InlineData("--set teacher.train.objectives=[{ kind: soft-targets }]: 'soft-targets' compares with a teacher, and the teacher has none; use labels", "teacher.train.objectives=[{ kind: soft-targets }]")]
    [InlineData("--set seeds=[]: 'seeds' is an empty list; name at least one, or leave it out", "seeds=[]")]
    [InlineData("--set seeds=[3, 3]: the seed 3 stands twice in 'seeds'; the same seed gives the same run", "seeds=[3, 3]")]
    [InlineData("--set distill.objectives=[]: distill has no objectives; there is nothing to minimise: give objectives, or stages that have some", "distill.objectives=[]")]
    [InlineData("--set teacher.train.objectives=[]: teacher.train.objectives is an empty list; there is nothing to minimise", "teacher.train.objectives=[]")]
    [InlineData("x.yaml:15: distill must say how long: epochs or steps", "distill.epochs=null")]
    [InlineData("--set distill.steps=5: both 'epochs' and 'steps' are given under distill; keep one", "distill.steps=5")]
    [InlineData("x.yaml:2: nothing to measure on: give data.test, or take a part of the training samples with data.split: { test: 0.2 }", "data.split.test=null")]
    [InlineData("x.yaml:4: both data.test and data.split.test are given; keep one", "data.test={ kind: idx, images: t.idx }")]
    [InlineData("x.yaml:4: both data.validation and data.split.validation are given; keep one", "data.validation={ kind: idx, images: t.idx }")]
    [InlineData("--set data.split={ validation: 0.5, test: 0.5 }: validation 0.5 and test 0.5 leave nothing to learn from; together they must be below 1", "data.split={ validation: 0.5, test: 0.5 }")]
    [InlineData("--set input.tokenizer={ kind: wordpiece }: 'tokenizer' is for text, and input.kind is image; leave it out", "input.tokenizer={ kind: wordpiece }")]
    [InlineData("--set input={ kind: image, mean: [0.1, 0.2], std: [1] }: 'mean' has 2 channels and 'std' 1; they must be as many", "input={ kind: image, mean: [0.1, 0.2], std: [1] }")]
    [InlineData("--set input.size=0: input.size: expected a whole number from 1 to 4096, came the number 0", "input.size=0")]
    [InlineData("--set teacher.images={ size: -2 }: teacher.images.size: expected a whole number from 1 to 4096, came the number -2", "teacher.images={ size: -2 }")]
    [InlineData("--set teacher.images={ mean: [0.1], std: [1, 2] }: 'mean' has 1 channels and 'std' 2; they must be as many", "teacher.images={ mean: [0.1], std: [1, 2] }")]
    [InlineData("--set teacher.images={}: 'images' says nothing: give size, mean or std, or leave it out", "teacher.images={}")]
    [InlineData("--set distill.augment={ views: 3 }: 'views' says how many augmented views of a sample there are, and nothing is augmented; give one of shift, crop-padding, flip and token-dropout, or leave augment out", "distill.augment={ views: 3 }")]
    [InlineData("--set distill.augment.token-dropout=0.1: 'token-dropout' is for text, and input.kind is image; leave it out", "distill.augment.token-dropout=0.1")]
    [InlineData("--set distill.bucket-by-length=true: 'bucket-by-length' is for text, and input.kind is image; leave it out", "distill.bucket-by-length=true")]
    [InlineData("--set student.model={ kind: textcnn }: student.model: 'textcnn' takes text, and input.kind is image", "student.model={ kind: textcnn }")]
    [InlineData("--set data.train={ kind: csv, file: a.csv }: data.train: 'csv' gives text or vector, and input.kind is image", "data.train={ kind: csv, file: a.csv }")]
    [InlineData("--set thread-allocation.teacher=0: '0' is no number of threads; write 2, or 1/2 for operators on one and matrix products on two", "thread-allocation.teacher=0")]
    [InlineData("--set thread-allocation.student=two: 'two' is no number of threads; write 2, or 1/2 for operators on one and matrix products on two, or 1+1 for student and teacher at the same time", "thread-allocation.student=two")]
    [InlineData("--set thread-allocation.control=1+1: '1+1' shares the cores with a teacher, and none is run while the control is trained; write one number", "thread-allocation.control=1+1")]
    [InlineData("--set distill.sampling={ classes: balanced, beta: 0.9 }: 'beta' belongs to 'classes: effective-number'; leave it out, or say that", "distill.sampling={ classes: balanced, beta: 0.9 }")]
    [InlineData("--set distill.batch-tokens=900: batches limited by tokens cannot sample classes, and both are given under distill; keep 'sampling' with 'batch', or 'batch-tokens'", "distill.batch-tokens=900", "distill.sampling={ classes: balanced }")]
    [InlineData("--set data.imbalance-factor=1: data.imbalance-factor: expected a number above 1, came the number 1", "data.imbalance-factor=1")]
    public void Sections_that_do_not_fit_together_are_told(string expected, params string[] assignments) =>
        Assert.Equal([expected], Fakes.Faults(Fakes.Image, assignments));

    [Theory]
    [InlineData("thread-allocation:\n  student: 1+1\n", "x.yaml:2: '1+1' needs 2 threads, and 'threads' allows 1; lower it, or raise 'threads'")]
    [InlineData("thread-allocation:\n  control: 1/4\n", "x.yaml:2: '1/4' needs 4 threads, and 'threads' allows 1; lower it, or raise 'threads'")]
    public void Shares_that_need_more_threads_than_there_may_be_are_told(string cores, string expected) =>
        Assert.Equal([expected], Fakes.Faults(cores + "threads: 1\n" + Fakes.Image));

    [Fact]
    public void Shares_of_the_cores_that_are_none_are_told_with_their_lines() => Assert.Equal(
        [
            "x.yaml:2: '1+1' shares the cores with a teacher, and none is run while the teacher is trained; write one number",
            "x.yaml:3: '1+' is no number of threads; write 2, or 1/2 for operators on one and matrix products on two, or 1+1 for student and teacher at the same time",
        ],
        Fakes.Faults("thread-allocation:\n  teacher: 1+1\n  student: 1+\n  control: 2\n" + Fakes.Image));

    [Fact]
    public void Best_by_and_early_stopping_want_validation_samples() => Assert.Equal(
        [
            "--set distill.best-by=accuracy: 'best-by' needs validation samples; give data.validation, or data.split: { validation: 0.1 }",
            "--set teacher.train.early-stopping={ patience: 2 }: 'early-stopping' needs validation samples; give data.validation, or data.split: { validation: 0.1 }",
            "--set evaluate.tune-bias=[3]: 'tune-bias' needs validation samples; give data.validation, or data.split: { validation: 0.1 }",
        ],
        Fakes.Faults(Fakes.Image, "data.split.validation=null", "distill.best-by=accuracy", "teacher.train.early-stopping={ patience: 2 }", "evaluate.tune-bias=[3]"));

    [Fact]
    public void One_metric_decides_what_is_best_and_when_to_stop()
    {
        Fakes.Read(Fakes.Image, "distill.best-by=accuracy", "distill.early-stopping={ metric: accuracy, patience: 2 }");
        Assert.Equal(
            ["--set distill.early-stopping={ metric: macro-f1, patience: 2 }: 'best-by' is accuracy and early-stopping's metric macro-f1; one metric decides both, leave one out"],
            Fakes.Faults(Fakes.Image, "distill.best-by=accuracy", "distill.early-stopping={ metric: macro-f1, patience: 2 }"));
    }

    [Fact]
    public void Convex_weights_lie_between_0_and_1_and_sum_to_1()
    {
        Fakes.Read(Fakes.Image, "distill.combination=convex");
        Assert.Equal(
            [
                "x.yaml:20: 'combination: convex' needs weights from 0 to 1, came 1.5",
                "--set distill.combination=convex: 'combination: convex' needs weights that sum to 1, these sum to 2; use combination: sum for plain weights",
            ],
            Fakes.Faults(Fakes.Image.Replace("4, weight: 0.5", "4, weight: 1.5"), "distill.combination=convex"));
    }

    [Fact]
    public void Text_needs_a_tokenizer_and_a_length()
    {
        var yaml = Fakes.Image.Replace("{ kind: idx, images: train.idx }", "{ kind: csv, file: a.csv }").Replace("kind: image", "kind: text")
            .Replace("{ kind: mlp, hidden: [12] }", "{ kind: encoder }").Replace("{ kind: mlp, hidden: [3] }", "{ kind: textcnn }");
        Assert.Equal(
            ["x.yaml:5: text needs a tokenizer: tokenizer: { kind: … }", "x.yaml:5: text needs the length it is cut to, such as max-tokens: 128"],
            Fakes.Faults(yaml));
        Assert.Equal(
            ["--set distill.augment.flip=true: 'flip' is for images, and input.kind is text; leave it out"],
            Fakes.Faults(yaml, "input.tokenizer={ kind: wordpiece }", "input.max-tokens=16", "distill.augment.flip=true"));
    }

    [Fact]
    public void A_finding_about_what_is_known_to_be_wrong_is_not_told_again() => Assert.Equal(
        ["--set distill.epochs=many: distill.epochs: expected a whole number from 1 to 1000000, came the text 'many'", "--set seeds=[]: 'seeds' is an empty list; name at least one, or leave it out"],
        Fakes.Faults(Fakes.Image, "distill.epochs=many", "seeds=[]"));

    [Fact]
    public void A_student_may_learn_without_a_teacher() =>
        Assert.Null(Fakes.Read(Fakes.Image, "teacher=null", "distill.objectives=[{ kind: labels }]").Recipe.Teacher);
}
