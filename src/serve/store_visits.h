// Visits in the store, as plans and training take them.
#pragma once

#include "pipeline/feedback.h"
#include "store/feedback_store.h"

namespace meterhound::serve {

/// All that visits told, of whichever run.
Result<pipeline::Feedback> VisitsIn(store::FeedbackStore& feedback);

}  // namespace meterhound::serve
